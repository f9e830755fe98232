#include "baselines/stdin_end.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace yagura::baselines {

bool stdin_has_an_end() {
  struct stat status {};
  return ::fstat(STDIN_FILENO, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

bool stdin_closed() {
  pollfd descriptor{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  char ignored[256];
  return stdin_has_an_end() && ::poll(&descriptor, 1, 0) == 1 && ::read(STDIN_FILENO, ignored, sizeof ignored) <= 0;
}

}  // namespace yagura::baselines
