// Telegram, by a bot's sendMessage. The token is part of the address.
#include <algorithm>

#include "alerts/channels/chat_text.hpp"
#include "alerts/channels/http_channel.hpp"
#include "alerts/channels/http_kinds.hpp"
#include "core/json_writer.hpp"

namespace yagura::alerts {
namespace {

// 4,096 for all, counted once the markup is read; the rest is for line ends, a link of 512 and the id.
constexpr std::size_t kTitleLimit = 256;
constexpr std::size_t kTextLimit = 3300;

// Names of users are found without any markup, and their owners called: a mark of no width after each @.
std::string without_mentions(std::string_view text) {
  constexpr std::string_view kWordJoiner = "\xe2\x81\xa0";
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '@') out += kWordJoiner;
  }
  return out;
}

std::string telegram_text(std::string_view text, std::size_t limit) {
  return escape_angles(cut(without_mentions(text), limit, LengthUnit::kUtf16));
}

// A button to a name without a dot, such as localhost, has Telegram refuse the message.
bool takes_button(const std::string& link) {
  const auto url = net::parse_secret_url(link, net::Carrier::kHttp);
  return url && url->host.find('.') != std::string::npos;
}

class Telegram final : public HttpChannel {
 public:
  Telegram(Place place, std::string chat) : HttpChannel(std::move(place)), chat_(std::move(chat)) {}

 private:
  [[nodiscard]] Post write(const Letter& letter) const override {
    Post post;
    JsonWriter json{post.body};
    const auto link = acknowledge_link(letter);
    const bool has_button = takes_button(link);
    auto text = "<b>" + telegram_text(headline(letter), kTitleLimit) + "</b>\n" +
                telegram_text(body_lines(letter), kTextLimit) + "\n";
    if (!link.empty() && !has_button) text += escape_angles(link) + "\n";
    json.begin_object().field("chat_id", chat_);
    json.field("text", text + "<code>" + short_id(letter) + "</code>");
    json.field("parse_mode", "HTML");
    json.key("link_preview_options").begin_object().field("is_disabled", true).end_object();
    if (has_button) {
      json.key("reply_markup").begin_object().key("inline_keyboard").begin_array().begin_array().begin_object();
      json.field("text", acknowledge_label(letter.language)).field("url", link);
      json.end_object().end_array().end_array().end_object();
    }
    json.end_object();
    return post;
  }

  [[nodiscard]] Attempt judge(const HttpAnswer& answer) const override {
    auto made = judge_status(answer);
    const auto seconds = number_in(answer.body, "/parameters/retry_after");
    if (made.result == Attempt::Result::kFailed && seconds && *seconds >= 0 && *seconds < 1e5)
      made.retry_after = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>{*seconds});
    return made;
  }

  std::string chat_;
};

// "123456:ABC-def": what BotFather gives. Anything else could be another path.
bool is_bot_token(std::string_view token) {
  const auto colon = token.find(':');
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_plain = [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  };
  return colon != std::string_view::npos && colon > 0 && colon + 1 < token.size() &&
         std::ranges::all_of(token.substr(0, colon), is_digit) &&
         std::ranges::all_of(token.substr(colon + 1), is_plain);
}

}  // namespace

Result<std::unique_ptr<Channel>> make(const TelegramChannel& options) {
  const auto token = usable_token("token", options.token);
  if (!token) return token.error();
  if (!is_bot_token(*token)) return Error{"token: a bot's is digits, a colon, letters and digits"};
  if (options.chat.empty()) return Error{"chat: empty; a number, or @name of a channel"};
  auto url = api_url("api", options.api, "/bot" + *token + "/sendMessage");
  if (!url) return url.error();
  auto place = open_place(std::move(*url), options.http, {*token, token->substr(token->find(':') + 1)});
  if (!place) return place.error();
  return std::unique_ptr<Channel>{std::make_unique<Telegram>(std::move(*place), options.chat)};
}

}  // namespace yagura::alerts
