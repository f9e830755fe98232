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

// "TLSv1.3, certificate for *.example.com until 2027-02-03, by Example CA"; after the handshake.
[[nodiscard]] std::string describe_session(SSL* ssl);

// Watches one handshake, to say afterwards what went wrong: of all it sees, the libraries hand on
// "handshake failed". Stays where it is and lives as long as the SSL, or until
// detach().
class TlsWitness {
 public:
  TlsWitness() = default;
  TlsWitness(const TlsWitness&) = delete;
  TlsWitness& operator=(const TlsWitness&) = delete;

  void attach(SSL* ssl);
  static void detach(SSL* ssl);
  // From the verify callback, for a certificate that was found wanting.
  void on_bad_certificate(X509_STORE_CTX* context, const Url& url);

  // What is wrong and what to do about it. After a failed handshake.
  [[nodiscard]] std::string problem() const;

 private:
  static void on_message(int sent, int version, int type, const void* bytes, std::size_t size, SSL* ssl, void* witness);

  std::string certificate_problem_;
  bool not_tls_ = false;
  int alert_ = -1;  // the code of an alert, whoever sent it
};

}  // namespace yagura::feeds
