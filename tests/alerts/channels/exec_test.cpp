#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <regex>
#include <thread>

#include "../temp_dir.hpp"
#include "alerts/channels/make_channel.hpp"
#include "letters.hpp"

namespace yagura::alerts {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;
using Came = Attempt::Result;

std::size_t open_descriptors() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator{"/proc/self/fd"}, std::filesystem::directory_iterator{}));
}

class Exec : public testing::Test {
 protected:
  // A program of the test's own; returns its path.
  std::string script(const std::string& body) {
    const auto file = temp_.path() / "program";
    write_file(file, "#!/bin/sh\n" + body + "\n");
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
    return file.string();
  }
  Attempt run(const std::string& body, Duration timeout = 20s, const std::stop_token& stop = {}) {
    return run({{script(body)}, pass_env_, timeout}, sample_letter(), stop);
  }
  static Attempt run(const ExecChannel& options, const Letter& letter, const std::stop_token& stop = {}) {
    const auto channel = make_channel(sink_of(options, "x"));
    if (!channel) return {Came::kGone, channel.error().message, {}};
    return (*channel)->send(letter, stop);
  }
  [[nodiscard]] std::filesystem::path file(const char* name) const { return temp_.path() / name; }

  const TempDir temp_;
  std::vector<std::string> pass_env_;
};

TEST_F(Exec, GivesTheAlertOnStandardInputAndInTheEnvironment) {
  auto letter = sample_letter();
  letter.title = "a $(reboot) `b` \"c\"";
  const auto program = script("cat > " + file("in").string() +
                              "; printf '%s|%s|%s|%s' \"$YAGURA_ID\" \"$YAGURA_TITLE\" "
                              "\"$YAGURA_SEVERITY\" \"$1\" > " +
                              file("env").string());
  EXPECT_EQ(run({{program, "an argument; exit 3"}, {}, 20s}, letter).result, Came::kDelivered);
  EXPECT_EQ(read_file(file("in")), letter.json + "\n");
  EXPECT_EQ(read_file(file("env")), to_string(letter.id) + "|a $(reboot) `b` \"c\"|high|an argument; exit 3");
}

TEST_F(Exec, OtherVariablesStayUnlessNamed) {
  ::setenv("SECRET_OF_ANOTHER_SINK", "hunter2", 1);
  ::setenv("WANTED", "yes", 1);
  pass_env_ = {"WANTED"};
  run("env > " + file("env").string());
  EXPECT_THAT(read_file(file("env")), HasSubstr("WANTED=yes\n"));
  EXPECT_THAT(read_file(file("env")), testing::Not(HasSubstr("hunter2")));
}

TEST_F(Exec, OnlyZeroDelivers) {
  EXPECT_EQ(run("echo sent").detail, "sent");
  const auto later = run("echo quota >&2; exit 75");
  EXPECT_EQ(later.result, Came::kFailed);
  EXPECT_THAT(later.detail, HasSubstr("ended with 75, not now: quota"));
  EXPECT_THAT(run("exit 3").detail, HasSubstr("ended with 3"));
  EXPECT_THAT(run("no-such-thing").detail, HasSubstr("127, a program that is not there"));
  EXPECT_THAT(run("kill -SEGV $$").detail, HasSubstr("was ended by SIGSEGV"));
  EXPECT_EQ(run("kill -SEGV $$").result, Came::kFailed);
}

TEST_F(Exec, AMissingProgramIsSaidAtTheStart) {
  EXPECT_EQ(
      run({{"/nowhere/apprise"}, {}, 1s}, sample_letter()).detail,
      "sink 'x': command: '/nowhere/apprise' is no program that can be run; give a path, or a name found in PATH");
  EXPECT_THAT(run({{}, {}, 1s}, sample_letter()).detail, HasSubstr("names no program"));
}

TEST_F(Exec, AProgramThatGoesAwayLaterIsAFailure) {
  const auto channel = make_channel(sink_of(ExecChannel{{script("true")}, {}, 1s}, "x"));
  std::filesystem::remove(file("program"));
  const auto attempt = (*channel)->send(sample_letter(), {});
  EXPECT_EQ(attempt.result, Came::kFailed);
  EXPECT_THAT(attempt.detail, HasSubstr("cannot be run: No such file or directory"));
}

TEST_F(Exec, AChildThatNeverReadsKeepsNobodyWaiting) {
  auto letter = sample_letter();
  letter.json = std::string(4 << 20, 'x');
  EXPECT_EQ(run({{script("exit 0")}, {}, 20s}, letter).result, Came::kDelivered);
}

TEST_F(Exec, OutputWithoutEndIsReadAndDropped) {
  const auto attempt = run("echo first; head -c 3000000 /dev/zero | tr '\\0' 'x'; exit 0");
  EXPECT_EQ(attempt.result, Came::kDelivered);
  EXPECT_EQ(attempt.detail, "first");
  EXPECT_LT(run("head -c 3000000 /dev/zero | tr '\\0' 'x'").detail.size(), 300U);
  EXPECT_EQ(run("printf 'a\\033[31mred'").detail, "a[31mred");
}

TEST_F(Exec, TheTimeLimitEndsTheWholeGroup) {
  const auto begun = std::chrono::steady_clock::now();
  const auto attempt = run("sleep 300 & echo $! > " + file("pid").string() + "; sleep 300", 1s);
  EXPECT_EQ(attempt.result, Came::kFailed);
  EXPECT_THAT(attempt.detail, HasSubstr("did not end within 1s"));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 2900ms) << "SIGTERM is enough";
  const auto stat = "/proc/" + std::to_string(std::stoi(read_file(file("pid")))) + "/stat";
  const auto gone = [&] {
    const auto state = read_file(stat);
    return state.empty() || state.find(") Z") != std::string::npos;
  };
  while (!gone() && std::chrono::steady_clock::now() - begun < 20s) std::this_thread::yield();
  EXPECT_TRUE(gone()) << "what it had started";
}

TEST_F(Exec, OneThatIgnoresSigtermIsKilledTwoSecondsLater) {
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(run("trap '' TERM; while :; do sleep 0.05; done", 100ms).result, Came::kFailed);
  const auto took = std::chrono::steady_clock::now() - begun;
  EXPECT_GE(took, 2s);
  EXPECT_LT(took, 5s);
}

TEST_F(Exec, StoppingEndsItWithinATenthOfASecond) {
  std::stop_source stop;
  std::chrono::steady_clock::time_point asked;
  std::jthread stopper{[&] {
    while (!std::filesystem::exists(file("running"))) std::this_thread::yield();
    asked = std::chrono::steady_clock::now();
    stop.request_stop();
  }};
  const auto attempt =
      run("trap '' TERM; : > " + file("running").string() + "; while :; do sleep 0.05; done", 60s, stop.get_token());
  const auto took = std::chrono::steady_clock::now() - asked;
  EXPECT_EQ(attempt.result, Came::kFailed);
  EXPECT_EQ(attempt.detail, "stopped");
  EXPECT_LT(took, 400ms) << "100 ms, and what a busy machine adds";
}

TEST_F(Exec, SignalsAndDescriptorsAreAsAProgramExpects) {
  ::signal(SIGPIPE, SIG_IGN);
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const int leaked = ::open("/dev/null", O_RDONLY);  // somebody forgot close-on-exec
  run("grep -E 'Sig(Blk|Ign)' /proc/self/status > " + file("signals").string() + "; ls /proc/self/fd > " +
      file("open").string());
  ::close(leaked);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  // 32 and 33 are the C library's own, which it sets aside in every child.
  EXPECT_EQ(std::regex_replace(read_file(file("signals")), std::regex{"0{7}[01]80000000"}, "0000000000000000"),
            "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
  EXPECT_EQ(read_file(file("open")), "0\n1\n2\n3\n") << "3 is the folder that ls reads";
}

TEST_F(Exec, LeavesNoZombieAndNoDescriptor) {
  const auto program = script("exit 0");
  run({{program}, {}, 20s}, sample_letter());
  const auto before = open_descriptors();
  for (int i = 0; i < 20; ++i) run({{program}, {}, 20s}, sample_letter());
  run({{script("sleep 100")}, {}, 1ms}, sample_letter());
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

}  // namespace
}  // namespace yagura::alerts
