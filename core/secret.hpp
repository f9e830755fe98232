// Keys and passwords: named in the settings, kept elsewhere.
#pragma once

#include <string>

namespace yagura {

// Where a secret is: in an environment variable or in a file. At most one of the two is set.
struct SecretSource {
  std::string env;
  std::string file;
  [[nodiscard]] bool given() const { return !env.empty() || !file.empty(); }
};

// A secret and where it comes from. The value is empty until it was read.
struct Secret {
  SecretSource source;
  std::string value;
};

}  // namespace yagura
