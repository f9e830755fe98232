// Keys and passwords: named in the settings, kept elsewhere.
#pragma once

#include <string>

#include "core/result.hpp"
#include "core/secret.hpp"

namespace yagura::config {

using yagura::SecretSource;

// The secret itself, without white space around it; empty when the source names nothing. Fails, in
// words that hold no part of it, for a variable that is not set, and for a file that cannot be read,
// is empty, or is open to others than its owner's group.
[[nodiscard]] Result<std::string> read_secret(const SecretSource& source);

}  // namespace yagura::config
