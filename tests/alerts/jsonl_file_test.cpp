#include "alerts/jsonl_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <vector>

#include "temp_dir.hpp"

namespace yagura::alerts {
namespace {

TEST(JsonlFile, OneLineAnAlertInOrder) {
  const TempDir temp;
  const auto file = temp.path() / "alerts.jsonl";
  {
    auto sink = JsonlFile::open(file, {});
    ASSERT_TRUE(sink);
    EXPECT_TRUE((*sink)->append("{\"seq\":1}"));
    EXPECT_TRUE((*sink)->append("{\"seq\":2}"));
    EXPECT_TRUE((*sink)->flush());
    EXPECT_EQ(read_file(file), "{\"seq\":1}\n{\"seq\":2}\n");
    EXPECT_TRUE((*sink)->append("{\"seq\":3}"));
  }
  EXPECT_EQ(read_file(file), "{\"seq\":1}\n{\"seq\":2}\n{\"seq\":3}\n") << "closing writes what is queued";
}

TEST(JsonlFile, GoesOnAfterATornLine) {
  const TempDir temp;
  const auto file = temp.path() / "alerts.jsonl";
  write_file(file, "{\"seq\":1}\n{\"se");
  {
    auto sink = JsonlFile::open(file, {});
    ASSERT_TRUE(sink);
    (*sink)->append("{\"seq\":2}");
  }
  EXPECT_EQ(read_file(file), "{\"seq\":1}\n{\"se\n{\"seq\":2}\n");
}

TEST(JsonlFile, AFileThatCannotBeOpenedIsNamed) {
  const auto sink = JsonlFile::open("/nowhere/alerts.jsonl", {});
  ASSERT_FALSE(sink);
  EXPECT_EQ(sink.error().message, "/nowhere/alerts.jsonl: cannot be opened for alerts: No such file or directory");
}

TEST(JsonlFile, AFailureIsReportedOnceAndTheLinesAreKeptUpToTheBound) {
  const int fd = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(fd, 0);
  std::vector<std::string> errors;
  JsonlFile::Options options;
  options.capacity = 3;
  options.retry_after = std::chrono::milliseconds{1};
  options.on_error = [&](const std::string& message) { errors.push_back(message); };
  {
    auto sink = JsonlFile::on_descriptor(fd, "/dev/full", options);
    for (int i = 0; i < 3; ++i) {
      EXPECT_TRUE(sink->append("{}"));
      EXPECT_FALSE(sink->flush());
    }
    EXPECT_FALSE(sink->append("{}")) << "full";
    EXPECT_EQ(sink->dropped(), 1U);
  }
  ::close(fd);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0], "/dev/full: cannot write alerts: No space left on device; kept in memory and tried again");
}

TEST(JsonlFile, WritesToADescriptorAndLeavesItOpen) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  {
    auto sink = JsonlFile::on_descriptor(ends[1], "stdout", {});
    sink->append("{\"seq\":1}");
  }
  char text[32];
  EXPECT_EQ(read(ends[0], text, sizeof text), 10);
  EXPECT_EQ(::write(ends[1], "x", 1), 1);
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace yagura::alerts
