// Proxies, under the names that feeds use.
#pragma once

#include "core/net/proxy.hpp"

namespace yagura::feeds {

using net::choose_proxy;
using net::Environment;
using net::listed_in_no_proxy;
using net::parse_proxy;
using net::Proxy;

}  // namespace yagura::feeds
