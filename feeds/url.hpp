// Addresses, under the names that feeds use.
#pragma once

#include "core/net/url.hpp"

namespace yagura::feeds {

using net::Carrier;
using net::parse_url;
using net::redact_url;
using net::Url;

}  // namespace yagura::feeds
