#include "config/secret.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace yagura::config {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace

Result<std::string> read_secret(const SecretSource& source) {
  if (!source.given()) return std::string{};
  if (!source.env.empty()) {
    const char* const value = std::getenv(source.env.c_str());
    if (value == nullptr) return Error{"the environment has no variable '" + source.env + "'"};
    const auto secret = trimmed(value);
    if (secret.empty()) return Error{"the environment's '" + source.env + "' is empty"};
    return std::string{secret};
  }
  struct stat about {};
  std::ifstream file{source.file};
  if (!file || ::stat(source.file.c_str(), &about) != 0)
    return Error{"cannot read '" + source.file + "': " + std::strerror(errno)};
  if ((about.st_mode & S_IRWXO) != 0) return Error{"'" + source.file + "' is open to everybody; chmod 600 it"};
  std::string line;
  std::getline(file, line);
  const auto secret = trimmed(line);
  if (secret.empty()) return Error{"'" + source.file + "' begins with an empty line; wanted the secret there"};
  return std::string{secret};
}

}  // namespace yagura::config
