#include "config/secret.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace yagura::config {
namespace {

constexpr std::size_t kMostBytes = 4096;  // no key is longer

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace

namespace {

// A line break inside would end a header early.
bool is_printable(std::string_view secret) {
  return std::all_of(secret.begin(), secret.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != 0x7f; });
}

}  // namespace

Result<std::string> read_secret(const SecretSource& source) {
  if (!source.given()) return std::string{};
  if (!source.env.empty()) {
    const char* const value = std::getenv(source.env.c_str());
    if (value == nullptr) return Error{"the environment has no variable '" + source.env + "'"};
    const auto secret = trimmed(value);
    if (secret.empty()) return Error{"the environment's '" + source.env + "' is empty"};
    if (!is_printable(secret)) return Error{"the environment's '" + source.env + "' holds a control character"};
    return std::string{secret};
  }
  struct stat about {};
  if (::stat(source.file.c_str(), &about) != 0)
    return Error{"cannot read '" + source.file + "': " + std::strerror(errno)};
  if (!S_ISREG(about.st_mode)) return Error{"'" + source.file + "' is no file"};  // a pipe would keep us waiting
  if ((about.st_mode & S_IRWXO) != 0) return Error{"'" + source.file + "' is open to everybody; chmod 600 it"};
  std::ifstream file{source.file};
  if (!file) return Error{"cannot read '" + source.file + "': " + std::strerror(errno)};
  std::string line(kMostBytes, '\0');
  file.read(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<std::size_t>(file.gcount()));
  line.resize(std::min(line.find('\n'), line.size()));
  const auto secret = trimmed(line);
  if (secret.empty()) return Error{"'" + source.file + "' begins with an empty line; wanted the secret there"};
  if (!is_printable(secret)) return Error{"'" + source.file + "' holds a control character in its first line"};
  return std::string{secret};
}

}  // namespace yagura::config
