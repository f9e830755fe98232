// Any receiver of Standard Webhooks: the alert's own JSON, signed.
#include <algorithm>
#include <array>
#include <chrono>

#include "alerts/channels/http_channel.hpp"
#include "alerts/channels/http_kinds.hpp"
#include "alerts/channels/webhook_signature.hpp"

namespace yagura::alerts {
namespace {

// Receivers drop what has an id that they know. A withdrawal carries the id of what it withdraws, an end
// that of what ends: they are messages of their own. Attempts and reminders of one letter are not.
std::string message_id(const Letter& letter) {
  auto id = to_string(letter.id);
  if (letter.purpose == Letter::Purpose::kResolved) return id + "-resolved";
  if (letter.purpose == Letter::Purpose::kAcknowledged) return id + "-acknowledged";
  if (letter.event == "withdrawn") return id + "-withdrawn";
  return id;
}

class Webhook final : public HttpChannel {
 public:
  Webhook(Place place, std::vector<std::string> keys) : HttpChannel(std::move(place)), keys_(std::move(keys)) {}

 private:
  [[nodiscard]] Post write(const Letter& letter) const override {
    const auto id = message_id(letter);
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto seconds = now.time_since_epoch().count();
    Post post{{{"webhook-id", id}, {"webhook-timestamp", std::to_string(seconds)}}, letter.json};
    std::string signatures;
    for (const auto& key : keys_) {
      if (!signatures.empty()) signatures += ' ';
      signatures += webhook_signature(key, id, seconds, letter.json);
    }
    if (!signatures.empty()) post.headers.emplace_back("webhook-signature", signatures);
    return post;
  }

  // Receivers are of all kinds: only what surely says no is taken as such.
  [[nodiscard]] Attempt judge(const HttpAnswer& answer) const override {
    constexpr std::array kRefusals{400, 401, 403, 404, 413, 422};
    auto made = judge_status(answer);
    if (made.result == Attempt::Result::kRefused && answer.status >= 400 &&
        std::ranges::find(kRefusals, answer.status) == kRefusals.end()) {
      made.result = Attempt::Result::kFailed;
      made.retry_after = answer.retry_after;
    }
    return made;
  }

  std::vector<std::string> keys_;  // the new one first
};

}  // namespace

Result<std::unique_ptr<Channel>> make(const WebhookChannel& options) {
  auto url = hook_url(options.url, options.plain_url);
  if (!url) return url.error();
  std::vector<std::string> keys;
  auto secrets = secrets_of(*url);
  for (const auto& [name, secret] : {std::pair{"secret", &options.secret}, {"old_secret", &options.old_secret}}) {
    if (!secret->source.given() && secret->value.empty()) continue;
    const auto where = std::string{name} + (secret->source.given() ? " from " + origin_of(*secret) : "");
    if (secret->value.empty()) return Error{where + ": empty"};
    auto key = webhook_key(secret->value);
    if (!key) return Error{where + ": " + key.error().message};
    keys.push_back(std::move(*key));
    secrets.push_back(secret->value);
  }
  auto place = open_place(std::move(*url), options.http, std::move(secrets));
  if (!place) return place.error();
  return std::unique_ptr<Channel>{std::make_unique<Webhook>(std::move(*place), std::move(keys))};
}

}  // namespace yagura::alerts
