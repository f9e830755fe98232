// Slack, by an incoming webhook. Title and text are plain: no markup is read in either.
#include <algorithm>
#include <array>

#include "alerts/channels/chat_text.hpp"
#include "alerts/channels/http_channel.hpp"
#include "alerts/channels/http_kinds.hpp"
#include "alerts/channels/severity_look.hpp"
#include "core/json_writer.hpp"

namespace yagura::alerts {
namespace {

// Slack cuts at 40,000; nobody reads that, and it folds from some hundred on.
constexpr std::size_t kTitleLimit = 250;
constexpr std::size_t kTextLimit = 3000;

std::string slack_text(std::string_view text, std::size_t limit) {
  return cut(text, limit, LengthUnit::kUtf16,
             [](std::string_view character, std::string_view) { return escape_angles(character); });
}

class Slack final : public HttpChannel {
 public:
  using HttpChannel::HttpChannel;

 private:
  [[nodiscard]] Post write(const Letter& letter) const override {
    const auto title = slack_text(headline(letter), kTitleLimit);
    const auto text = slack_text(body_lines(letter), kTextLimit);
    Post post;
    JsonWriter json{post.body};
    json.begin_object().field("text", title).field("mrkdwn", false).field("parse", "none").field("link_names", false);
    json.field("unfurl_links", false).field("unfurl_media", false);
    json.key("attachments").begin_array().begin_object();
    json.field("color", web_color(letter)).field("fallback", title).field("text", text);
    json.key("mrkdwn_in").begin_array().end_array();
    json.field("footer", "id " + short_id(letter));
    if (const auto link = acknowledge_link(letter); !link.empty()) {
      json.key("actions").begin_array().begin_object();
      json.field("type", "button").field("text", acknowledge_label(letter.language)).field("url", link);
      json.end_object().end_array();
    }
    json.end_object().end_array().end_object();
    return post;
  }

  // A hook that was taken away answers 403 or 404, an archived channel 410; the word says which it is.
  [[nodiscard]] Attempt judge(const HttpAnswer& answer) const override {
    constexpr std::array<std::string_view, 4> kGone{"no_service", "no_active_hooks", "no_team", "channel_is_archived"};
    auto made = judge_status(answer);
    const auto is_word = [&](std::string_view word) { return answer.body.starts_with(word); };
    if (answer.status >= 400 && std::ranges::any_of(kGone, is_word)) made.result = Attempt::Result::kGone;
    return made;
  }
};

}  // namespace

Result<std::unique_ptr<Channel>> make(const SlackChannel& options) {
  auto url = hook_url(options.url, options.plain_url);
  if (!url) return url.error();
  auto secrets = secrets_of(*url);
  auto place = open_place(std::move(*url), options.http, std::move(secrets));
  if (!place) return place.error();
  return std::unique_ptr<Channel>{std::make_unique<Slack>(std::move(*place))};
}

}  // namespace yagura::alerts
