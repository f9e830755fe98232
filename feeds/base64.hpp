// Base64, under the names that feeds use.
#pragma once

#include "core/net/base64.hpp"

namespace yagura::feeds {

using net::append_base64;
using net::decode_base64;

}  // namespace yagura::feeds
