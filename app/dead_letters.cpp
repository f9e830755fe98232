#include "app/dead_letters.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/json_writer.hpp"

namespace yagura::app {

Result<void> DeadLetters::add(const Entry& entry) {
  std::string line;
  JsonWriter json{line};
  json.begin_object().field("at_ns", to_ns(entry.at)).field("sink", entry.sink).field("why", entry.why);
  json.field("tries", entry.tries);
  if (entry.is_json)
    json.key("alert").raw(entry.payload);
  else
    json.field("text", entry.payload.substr(0, 4096));
  json.end_object();
  line += '\n';

  const std::lock_guard lock{mutex_};
  const auto fail = [this](const char* what) {
    return Error{file_.string() + ": " + what + ": " + std::strerror(errno)};
  };
  const int fd = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return fail("cannot be opened");
  Result<void> result;
  if (::write(fd, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    result = fail("cannot be written");
  else if (::fdatasync(fd) != 0)
    result = fail("cannot be stored");
  ::close(fd);
  if (result) ++count_;
  return result;
}

std::uint64_t DeadLetters::count() const {
  const std::lock_guard lock{mutex_};
  return count_;
}

}  // namespace yagura::app
