// One mail handed to its server (RFC 5321, RFC 6409), through libcurl.
#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"

namespace yagura::net {

struct MailServer {
  std::string url;       // "smtp://host:587" or "smtps://host:465"
  bool starttls = true;  // smtp:// only: nothing is said in the clear; off is for a relay on this machine
  std::string user;      // empty: without AUTH
  std::string password;
  std::string ca_file;  // PEM; empty: the system's authorities
  Duration timeout = std::chrono::seconds{30};
};

// Addresses alone: "a@example.com".
struct MailEnvelope {
  std::string from;
  std::vector<std::string> to;
};

// What a server said; code 0: nothing.
struct MailReply {
  int code = 0;
  std::string text;  // one printable line: "550 5.1.1 no such user"
};

struct MailOutcome {
  bool accepted = false;              // by 250 after the last line: for those recipients that were taken
  MailReply reply;                    // the last; of a failed connection none
  std::string problem;                // what went wrong, for people; empty when accepted
  std::vector<MailReply> recipients;  // in the order of the envelope, as far as it came
};

// Blocks for at most the time limit (a few seconds more when a server that refused does not answer the
// goodbye either). Certificates and names are always checked, TLS 1.2 or later. `message` is complete,
// lines end with CR LF; lines of dots are taken care of. A request to stop ends it within 100 ms. Any
// thread; every call has a connection of its own.
[[nodiscard]] MailOutcome submit_mail(const MailServer& server, const MailEnvelope& envelope, std::string_view message,
                                      const std::stop_token& stop);

}  // namespace yagura::net
