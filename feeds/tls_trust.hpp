// Whom a feed believes: certificates are always checked, and so is the name in them.
#pragma once

#include <openssl/types.h>  // SSL

#include <memory>
#include <string>

#include "core/result.hpp"
#include "feeds/url.hpp"

namespace boost::asio::ssl {
class context;
}

namespace yagura::feeds {

using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

// For clients: TLS 1.2 or later, no compression, certificates verified against `ca_file` (PEM), or
// the system's authorities when it is empty. Loading takes some 16 ms: make one for all feeds.
[[nodiscard]] Result<TlsContext> make_tls_context(const std::string& ca_file);

// Has the handshake fail unless the certificate names the host, or the address for an IP literal.
// The library would take any certificate that verifies. False when OpenSSL refuses the name.
[[nodiscard]] bool expect_host(SSL* ssl, const Url& url);

}  // namespace yagura::feeds
