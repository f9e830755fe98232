#include "app/patient_writer.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace yagura::app {
namespace {

struct Pair {
  std::array<int, 2> fd{-1, -1};  // read, write
  ~Pair() {
    for (const int one : fd) {
      if (one >= 0) ::close(one);
    }
  }
  void close_reader() { ::close(std::exchange(fd[0], -1)); }
};

std::string read_all(int fd, std::size_t size) {
  std::string got(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const auto n = ::read(fd, got.data() + have, size - have);
    if (n <= 0) break;
    have += static_cast<std::size_t>(n);
  }
  got.resize(have);
  return got;
}

class PatientWriterSpec : public ::testing::TestWithParam<bool> {  // a pipe or a socket
 protected:
  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);
    ASSERT_EQ(GetParam() ? ::pipe(pair.fd.data()) : ::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.fd.data()), 0);
  }
  Pair pair;
};

TEST_P(PatientWriterSpec, WritesMoreThanFitsWhileSomebodyReads) {
  const std::string text(1 << 20, 'x');
  std::string got;
  std::thread reader{[&] { got = read_all(pair.fd[0], text.size()); }};
  EXPECT_TRUE(write_patiently(pair.fd[1], text, [] { return false; }));
  reader.join();
  EXPECT_EQ(got, text);
}

TEST_P(PatientWriterSpec, GivesUpWhenAskedTo) {
  const std::string text(4 << 20, 'x');
  int asked = 0;
  EXPECT_FALSE(write_patiently(pair.fd[1], text, [&] { return ++asked > 20; }));
}

TEST_P(PatientWriterSpec, SeesThatTheReaderIsGone) {
  pair.close_reader();
  EXPECT_FALSE(write_patiently(pair.fd[1], "line\n", [] { return false; }));
}

INSTANTIATE_TEST_SUITE_P(Descriptors, PatientWriterSpec, ::testing::Bool(),
                         [](const auto& row) { return row.param ? "Pipe" : "Socket"; });

TEST(PatientWriterFailures, AClosedDescriptorAndAFullDiskAreRefusals) {
  Pair pair;
  ASSERT_EQ(::pipe(pair.fd.data()), 0);
  const int closed = pair.fd[1];
  ::close(std::exchange(pair.fd[1], -1));
  EXPECT_FALSE(write_patiently(closed, "line\n", [] { return false; }));
  std::FILE* full = std::fopen("/dev/full", "w");
  ASSERT_NE(full, nullptr);
  EXPECT_FALSE(write_patiently(::fileno(full), "line\n", [] { return false; }));
  std::fclose(full);
}

}  // namespace
}  // namespace yagura::app
