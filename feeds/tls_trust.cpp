#include "feeds/tls_trust.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ssl/context.hpp>

namespace yagura::feeds {

namespace ssl = boost::asio::ssl;

Result<TlsContext> make_tls_context(const std::string& ca_file) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  boost::system::error_code error;
  context->set_options(ssl::context::default_workarounds | ssl::context::no_compression, error);
  if (!error) context->set_verify_mode(ssl::verify_peer, error);
  if (error || SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION) != 1) {
    return Error{"TLS cannot be set up: " + error.message()};
  }
  if (ca_file.empty()) {
    context->set_default_verify_paths(error);
  } else {
    context->load_verify_file(ca_file, error);
  }
  if (error) return Error{"ca_file " + (ca_file.empty() ? "of the system" : ca_file) + ": " + error.message()};
  return TlsContext{std::move(context)};
}

bool expect_host(SSL* ssl, const Url& url) {
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (url.ip_literal) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), url.host.c_str()) == 1;
  return SSL_set1_host(ssl, url.host.c_str()) == 1;
}

}  // namespace yagura::feeds
