#include "alerts/state_dir.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "temp_dir.hpp"

namespace yagura::alerts {
namespace {

namespace fs = std::filesystem;

// Sets the three variables for one test; nullptr unsets.
class StateDirSpec : public testing::Test {
 protected:
  static void given(const char* state, const char* xdg, const char* home) {
    set("YAGURA_STATE_DIR", state);
    set("XDG_STATE_HOME", xdg);
    set("HOME", home);
  }
  void TearDown() override { given(nullptr, nullptr, home_.c_str()); }

 private:
  static void set(const char* name, const char* value) { value ? setenv(name, value, 1) : unsetenv(name); }
  std::string home_ = std::getenv("HOME") ? std::getenv("HOME") : "/";
};

TEST_F(StateDirSpec, TheFlagComesFirstThenTheEnvironmentThenXdgThenHome) {
  given("/env", "/xdg", "/home/user");
  EXPECT_EQ(StateDir::resolve("/flag")->path(), "/flag");
  EXPECT_EQ(StateDir::resolve("")->path(), "/env");
  given(nullptr, "/xdg", "/home/user");
  EXPECT_EQ(StateDir::resolve("")->path(), "/xdg/yagura");
  given("", "relative", "/home/user");
  EXPECT_EQ(StateDir::resolve("")->path(), "/home/user/.local/state/yagura");
  given(nullptr, nullptr, nullptr);
  EXPECT_FALSE(StateDir::resolve(""));
}

TEST_F(StateDirSpec, IsMadeForItsOwnerOnly) {
  const TempDir temp;
  const StateDir dir{temp.path() / "a/b"};
  ASSERT_TRUE(dir.create());
  struct stat info {};
  ASSERT_EQ(stat(dir.path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0700U);
  EXPECT_TRUE(dir.create()) << "it may exist";
}

TEST_F(StateDirSpec, AFileInTheWayIsNamed) {
  const TempDir temp;
  write_file(temp.path() / "file", "x");
  const auto made = StateDir{temp.path() / "file"}.create();
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find("/file: cannot use it as the state directory"), std::string::npos);
}

TEST_F(StateDirSpec, HistoryStaysInsideWhateverTheSymbol) {
  const StateDir dir{"/s"};
  EXPECT_EQ(dir.history_file("NI225"), "/s/history/NI225.csv");
  EXPECT_EQ(dir.history_file("../x y"), "/s/history/.._x_y.csv");
}

TEST_F(StateDirSpec, ASecondOwnerIsToldThePidOfTheFirst) {
  const TempDir temp;
  const StateDir dir{temp.path()};
  {
    const auto first = StateLock::acquire(dir);
    ASSERT_TRUE(first);
    const auto second = StateLock::acquire(dir);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, StateError::Kind::kBusy);
    EXPECT_NE(second.error().message.find("(pid " + std::to_string(getpid()) + ")"), std::string::npos)
        << second.error().message;
  }
  EXPECT_TRUE(StateLock::acquire(dir)) << "the first is gone";
}

TEST_F(StateDirSpec, AFileIsReplacedWholeOrNotAtAll) {
  const TempDir temp;
  const auto file = temp.path() / "history.csv";
  ASSERT_TRUE(replace_file(file, "old"));
  ASSERT_TRUE(replace_file(file, "new and longer"));
  EXPECT_EQ(read_file(file), "new and longer");
  const auto refused = replace_file(temp.path() / "missing/history.csv", "x");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("missing/history.csv"), std::string::npos);
  EXPECT_EQ(std::distance(fs::directory_iterator{temp.path()}, {}), 1) << "no draft is left";
}

}  // namespace
}  // namespace yagura::alerts
