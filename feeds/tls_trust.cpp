#include "feeds/tls_trust.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <vector>

namespace yagura::feeds {

namespace ssl = boost::asio::ssl;
namespace {

std::string text_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

// The common name, or the organisation where there is none.
std::string name_of(const X509_NAME* name) {
  for (const int part : {NID_commonName, NID_organizationName}) {
    const int at = X509_NAME_get_index_by_NID(name, part, -1);
    if (at >= 0) return text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
  }
  return "(no name)";
}

std::string address_text(const std::string& bytes) {
  namespace ip = boost::asio::ip;
  const auto read = [&](auto raw) {
    std::ranges::transform(bytes, raw.begin(), [](char c) { return static_cast<unsigned char>(c); });
    return raw;
  };
  if (bytes.size() == 4) return ip::make_address_v4(read(ip::address_v4::bytes_type{})).to_string();
  if (bytes.size() == 16) return ip::make_address_v6(read(ip::address_v6::bytes_type{})).to_string();
  return "(no address)";
}

// The hosts that a certificate is for, the first few.
std::string hosts_of(const X509* certificate) {
  constexpr std::size_t kShown = 4;
  struct Free {
    void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
  };
  const std::unique_ptr<GENERAL_NAMES, Free> names{
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
  std::vector<std::string> hosts;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    const auto* const value =
        static_cast<const ASN1_STRING*>(GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type));
    if (type == GEN_DNS) hosts.push_back(text_of(value));
    if (type == GEN_IPADD) hosts.push_back(address_text(text_of(value)));
  }
  if (hosts.empty()) return name_of(X509_get_subject_name(certificate));
  std::string text;
  for (std::size_t i = 0; i < std::min(hosts.size(), kShown); ++i) text += (i == 0 ? "" : ", ") + hosts[i];
  return hosts.size() > kShown ? text + ", …" : text;
}

std::string date_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return "(no date)";
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d", &parts)};
}

std::string certificate_problem(int error, const X509* certificate, const Url& url) {
  if (certificate == nullptr) return X509_verify_cert_error_string(error);
  const auto subject = name_of(X509_get_subject_name(certificate));
  const auto issuer = name_of(X509_get_issuer_name(certificate));
  switch (error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "the certificate is for " + hosts_of(certificate) + ", not for " + url.host + "; check the url";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "the certificate of " + subject + " expired on " + date_of(X509_get0_notAfter(certificate)) +
             "; is this machine's clock right?";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "the certificate of " + subject + " is good only from " + date_of(X509_get0_notBefore(certificate)) +
             "; is this machine's clock right?";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "self-signed certificate of " + subject + "; if it is the right one, give it as ca_file";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "the issuer " + issuer + " of the certificate is not known; give the issuer's own certificate as ca_file";
    default: return "the certificate of " + subject + ": " + X509_verify_cert_error_string(error);
  }
}

}  // namespace

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

std::string describe_session(SSL* ssl) {
  std::string text = SSL_get_version(ssl);
  const auto* const certificate = SSL_get0_peer_certificate(ssl);
  if (certificate == nullptr) return text;
  return text + ", certificate for " + hosts_of(certificate) + " until " + date_of(X509_get0_notAfter(certificate)) +
         ", by " + name_of(X509_get_issuer_name(certificate));
}

void TlsWitness::attach(SSL* ssl) {
  SSL_set_msg_callback(ssl, &TlsWitness::on_message);
  SSL_ctrl(ssl, SSL_CTRL_SET_MSG_CALLBACK_ARG, 0, this);  // SSL_set_msg_callback_arg, a macro with an old-style cast
}

void TlsWitness::detach(SSL* ssl) { SSL_set_msg_callback(ssl, nullptr); }

// Sees every record's head before the library judges it, and every alert.
void TlsWitness::on_message(int sent, int, int type, const void* bytes, std::size_t size, SSL*, void* witness) {
  auto& self = *static_cast<TlsWitness*>(witness);
  const auto* const data = static_cast<const unsigned char*>(bytes);
  if (type == SSL3_RT_HEADER && sent == 0 && size >= 2) {
    const bool is_record = data[0] >= SSL3_RT_CHANGE_CIPHER_SPEC && data[0] <= SSL3_RT_APPLICATION_DATA;
    self.not_tls_ = self.not_tls_ || !is_record || data[1] != SSL3_VERSION_MAJOR;
  }
  if (type == SSL3_RT_ALERT && size >= 2 && self.alert_ < 0) self.alert_ = data[1];
}

void TlsWitness::on_bad_certificate(X509_STORE_CTX* context, const Url& url) {
  certificate_problem_ =
      certificate_problem(X509_STORE_CTX_get_error(context), X509_STORE_CTX_get_current_cert(context), url);
}

std::string TlsWitness::problem() const {
  if (!certificate_problem_.empty()) return certificate_problem_;
  if (not_tls_) return "what answers there speaks no TLS; check the port, or write ws:// if that is meant";
  if (alert_ == SSL_AD_PROTOCOL_VERSION) return "no TLS 1.2 or later there, and nothing older is trusted";
  if (alert_ >= 0) return std::string{"TLS failed: "} + SSL_alert_desc_string_long(alert_);
  return "hung up during the TLS handshake; check host and port";
}

}  // namespace yagura::feeds
