#include "alerts/channels/email.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <utility>

#include "alerts/mail/mail_message.hpp"
#include "alerts/mail/price_chart.hpp"
#include "core/net/curl_mail.hpp"

namespace yagura::alerts {
namespace {

using Came = Attempt::Result;

// A server that says "later" means minutes: greylisting, quotas, a full mailbox.
constexpr auto kLater = std::chrono::seconds{60};
constexpr std::size_t kMostUnfinished = 256;

bool is_later(const net::MailReply& reply) { return reply.code >= 400 && reply.code < 500; }
bool is_never(const net::MailReply& reply) { return reply.code >= 500; }

bool is_loopback(std::string_view authority) {
  if (authority == "[::1]" || authority.starts_with("[::1]:")) return true;
  const std::string host{authority.substr(0, authority.rfind(':'))};
  in_addr address{};
  return host == "localhost" || (::inet_pton(AF_INET, host.c_str(), &address) == 1 && host.starts_with("127."));
}

// A mail that not every recipient has been given yet.
struct Unfinished {
  std::string key;  // its Message-ID without what tells reminders apart
  std::string message_id;
  std::vector<MailAddress> left;
};

class Email final : public Channel {
 public:
  Email(const EmailChannel& options, MailAddress from, std::vector<MailAddress> to, EmailContext context)
      : options_(options), from_(std::move(from)), to_(std::move(to)), context_(std::move(context)) {}

  Attempt send(const Letter& letter, const std::stop_token& stop) override {
    auto mail = take_up(letter);
    net::MailEnvelope envelope{from_.address, {}};
    for (const auto& recipient : mail.left) envelope.to.push_back(recipient.address);
    const auto outcome = net::submit_mail({.url = options_.server,
                                           .starttls = options_.starttls,
                                           .user = options_.user,
                                           .password = options_.password.value,
                                           .ca_file = options_.ca_file,
                                           .timeout = options_.timeout},
                                          envelope, compose(letter, mail), stop);
    const auto attempt = verdict(outcome, mail);
    if (attempt.result == Came::kFailed) keep(std::move(mail));
    return attempt;
  }

 private:
  // The same mail as in the attempt before, or a new one.
  Unfinished take_up(const Letter& letter) {
    auto key = message_id(letter, from_, {});
    const auto known =
        std::find_if(unfinished_.begin(), unfinished_.end(), [&](const Unfinished& mail) { return mail.key == key; });
    if (known != unfinished_.end()) {
      auto mail = std::move(*known);
      unfinished_.erase(known);
      if (letter.attempt > 1) return mail;
    }
    const auto nonce = std::to_string(to_ns(context_.clock->now()) / 1'000'000);
    return {std::move(key), message_id(letter, from_, nonce), to_};
  }
  void keep(Unfinished mail) {
    if (unfinished_.size() == kMostUnfinished) unfinished_.pop_front();
    unfinished_.push_back(std::move(mail));
  }

  [[nodiscard]] std::string compose(const Letter& letter, const Unfinished& mail) const {
    const bool chart = options_.chart && context_.recent != nullptr;
    return mail_message(letter, {from_, to_, context_.clock->now(), mail.message_id}, context_.language,
                        chart ? price_chart(letter, *context_.recent) : std::string{});
  }

  // Takes those recipients off `mail` that need no further attempt.
  static Attempt verdict(const net::MailOutcome& outcome, Unfinished& mail);
  static Attempt of_connection(const net::MailOutcome& outcome);

  const EmailChannel options_;
  const MailAddress from_;
  const std::vector<MailAddress> to_;
  const EmailContext context_;
  std::deque<Unfinished> unfinished_;  // oldest first
};

Attempt Email::of_connection(const net::MailOutcome& outcome) {
  const auto& reply = outcome.reply;
  const auto detail = reply.code >= 400 ? reply.text : outcome.problem;
  if (outcome.problem == "stopped") return {Came::kFailed, outcome.problem, {}};
  // A user or password that is refused may be put right; the letter itself is not what is refused.
  if (is_never(reply) && (reply.code == 530 || reply.code == 534 || reply.code == 535 || reply.code == 538))
    return {Came::kFailed, detail, kLater};
  if (is_never(reply)) return {Came::kRefused, detail, {}};
  return {Came::kFailed, detail, is_later(reply) ? std::optional<Duration>{kLater} : std::nullopt};
}

Attempt Email::verdict(const net::MailOutcome& outcome, Unfinished& mail) {
  std::vector<MailAddress> later;
  std::string refused, put_off;
  for (std::size_t i = 0; i < outcome.recipients.size() && i < mail.left.size(); ++i) {
    const auto& reply = outcome.recipients[i];
    if (reply.code < 400) continue;
    auto& named = is_later(reply) ? put_off : refused;
    named += fmt::format("; {}: {}", mail.left[i].address, reply.text);
    if (is_later(reply)) later.push_back(mail.left[i]);
  }
  if (!outcome.accepted) {
    const bool all_refused = !outcome.recipients.empty() && outcome.recipients.size() == mail.left.size() &&
                             std::all_of(outcome.recipients.begin(), outcome.recipients.end(), is_never);
    if (all_refused) return {Came::kRefused, refused.substr(2), {}};
    if (!put_off.empty()) return {Came::kFailed, (put_off + refused).substr(2), kLater};
    return of_connection(outcome);
  }
  mail.left = std::move(later);
  if (!mail.left.empty()) return {Came::kFailed, outcome.reply.text + put_off + refused, kLater};
  return {Came::kDelivered, outcome.reply.text + refused, {}};
}

}  // namespace

Result<std::unique_ptr<Channel>> make(const EmailChannel& options, EmailContext context) {
  const bool smtp = options.server.starts_with("smtp://"), smtps = options.server.starts_with("smtps://");
  const std::string_view authority =
      std::string_view{options.server}.substr(std::min(options.server.size(), std::size_t{smtps ? 8U : 7U}));
  if ((!smtp && !smtps) || authority.empty() || authority.find_first_of("@/ \r\n\t?#") != std::string::npos)
    return Error{fmt::format("server: '{}' is not smtp://host:port or smtps://host:port", options.server)};
  if (smtp && !options.starttls && !is_loopback(authority))
    return Error{fmt::format("starttls: may be off only for a relay on this machine, not for {}", authority)};
  auto from = parse_mail_address(options.from);
  if (from.address.empty()) return Error{fmt::format("from: '{}' is not name@host or Name <name@host>", options.from)};
  if (options.to.empty()) return Error{"to: names nobody; give one address or more"};
  std::vector<MailAddress> to;
  for (const auto& text : options.to) {
    to.push_back(parse_mail_address(text));
    if (to.back().address.empty()) return Error{fmt::format("to: '{}' is not name@host or Name <name@host>", text)};
  }
  return std::unique_ptr<Channel>{std::make_unique<Email>(options, std::move(from), std::move(to), std::move(context))};
}

}  // namespace yagura::alerts
