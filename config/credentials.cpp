// What commands that connect need beyond the file: keys, passwords, proxies.
#include <cstdlib>

#include "config/load.hpp"
#include "feeds/codec.hpp"

namespace yagura::config {
namespace {

// The ways to the vendor and to its log-in; the problem when there is one.
std::optional<std::string> choose_proxies(FeedSettings& feed) {
  if (feeds::find_vendor(feed.vendor)->carrier == feeds::Carrier::kNats) return std::nullopt;  // has none
  const auto given = read_secret(feed.proxy_source);
  if (!given) return "proxy_env: " + given.error().message;
  const auto& setting = feed.proxy_source.given() ? *given : feed.proxy;
  const auto key = feed.proxy_source.given() ? "proxy_env: " : "proxy: ";
  const auto environment = [](const char* name) -> const char* { return std::getenv(name); };
  auto ws = feeds::choose_proxy(setting, std::string_view{feed.url}, environment);
  if (!ws) return key + ws.error().message;
  auto login = feeds::choose_proxy(setting, std::string_view{feed.login_url}, environment);
  if (!login) return key + login.error().message;
  feed.ws_proxy = std::move(*ws);
  feed.login_proxy = std::move(*login);
  return std::nullopt;
}

// Calls `visit(key, secret)` for each secret of a sink.
template <class Visit>
void for_each_secret(alerts::ChannelOptions& channel, Visit&& visit) {
  using namespace alerts;
  if (auto* c = std::get_if<WebhookChannel>(&channel)) {
    visit("url", c->url);
    visit("secret", c->secret);
    visit("old_secret", c->old_secret);
  }
  if (auto* c = std::get_if<SlackChannel>(&channel)) visit("url", c->url);
  if (auto* c = std::get_if<DiscordChannel>(&channel)) visit("url", c->url);
  if (auto* c = std::get_if<TelegramChannel>(&channel)) visit("token", c->token);
  if (auto* c = std::get_if<LineChannel>(&channel)) visit("token", c->token);
  if (auto* c = std::get_if<PagerDutyChannel>(&channel)) visit("routing_key", c->routing_key);
  if (auto* c = std::get_if<NtfyChannel>(&channel)) visit("token", c->token);
  if (auto* c = std::get_if<EmailChannel>(&channel)) visit("password", c->password);
  if (auto* c = std::get_if<NatsChannel>(&channel)) {
    visit("password", c->password);
    visit("token", c->token);
  }
}

}  // namespace

std::vector<std::string> FeedSettings::secrets() const {
  auto all = credentials.secrets();
  for (const auto* chosen : {&ws_proxy, &login_proxy}) {
    if (!*chosen) continue;
    for (auto& secret : (*chosen)->secrets()) all.push_back(std::move(secret));
  }
  return all;
}

std::vector<std::string> read_credentials(Settings& settings) {
  std::vector<std::string> problems;
  for (auto& feed : settings.feeds) {
    const auto read = [&](const SecretSource& source, const char* key) {
      auto secret = read_secret(source);
      if (secret) return *secret;
      problems.push_back(settings.file + ": feed '" + feed.name + "'." + key +
                         (source.env.empty() ? "_file: " : "_env: ") + secret.error().message);
      return std::string{};
    };
    feed.credentials = {read(feed.token, "token"), feed.user, read(feed.password, "password"), feed.account};
    if (const auto problem = choose_proxies(feed))
      problems.push_back(settings.file + ": feed '" + feed.name + "'." + *problem);
  }
  const auto fill = [&](std::optional<alerts::NatsChannel>& nats, const std::string& table) {
    if (!nats) return;
    for (const auto& [secret, key] : {std::pair{&nats->password, "password"}, std::pair{&nats->token, "token"}}) {
      auto value = read_secret(secret->source);
      if (value)
        secret->value = std::move(*value);
      else
        problems.push_back(settings.file + ": " + table + "." + key +
                           (secret->source.env.empty() ? "_file: " : "_env: ") + value.error().message);
    }
  };
  fill(settings.notify, "notify");
  fill(settings.publish, "publish");
  return problems;
}

std::vector<std::string> read_sink_secrets(Settings& settings) {
  std::vector<std::string> problems;
  for (auto& sink : settings.sinks) {
    for_each_secret(sink.channel, [&](const std::string& key, Secret& secret) {
      auto value = read_secret(secret.source);
      if (value) {
        secret.value = *std::move(value);
        return;
      }
      problems.push_back(settings.file + ": sink '" + sink.name + "'." + key +
                         (secret.source.env.empty() ? "_file: " : "_env: ") + value.error().message);
    });
  }
  return problems;
}

}  // namespace yagura::config
