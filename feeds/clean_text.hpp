// Words of others, under the names that feeds use.
#pragma once

#include "core/net/clean_text.hpp"

namespace yagura::feeds {

using net::clean_text;
using net::redact_secrets;

}  // namespace yagura::feeds
