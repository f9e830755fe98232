#include "config/sink_reader.hpp"

#include <charconv>
#include <fstream>

#include "alerts/letter_template.hpp"

namespace yagura::config {
namespace {

using namespace std::chrono_literals;
using alerts::ChannelOptions;
using alerts::SinkOptions;

Secret secret(const TableReader& reader, const std::string& name) {
  Secret secret;
  secret.source = {reader.text(name + "_env").value_or(""), reader.text(name + "_file").value_or("")};
  if (!secret.source.env.empty() && !secret.source.file.empty())
    reader.problem(name + "_file", "and " + name + "_env are both given; one of them is wanted");
  return secret;
}

Secret needed_secret(const TableReader& reader, const std::string& name) {
  auto found = secret(reader, name);
  if (!found.source.given()) reader.problem(name + "_env", "or " + name + "_file is missing");
  return found;
}

std::string needed_text(const TableReader& reader, std::string_view key) {
  if (!reader.contains(key)) reader.missing(key);
  auto text = reader.text(key).value_or("");
  if (text.empty() && reader.contains(key)) reader.problem(key, "is empty");
  return text;
}

std::string ca_file(const TableReader& reader) {
  auto file = reader.text("ca_file").value_or("");
  if (!file.empty() && !std::ifstream(file)) reader.problem("ca_file", "cannot read '" + file + "'");
  return file;
}

bool is_http(std::string_view address) { return address.starts_with("http://") || address.starts_with("https://"); }

std::string http_address(const TableReader& reader, std::string_view key, std::string fallback) {
  auto address = reader.text(key).value_or(std::move(fallback));
  if (!is_http(address)) reader.problem(key, "must begin with http:// or https://");
  return address;
}

alerts::HttpOptions http(const TableReader& reader) {
  alerts::HttpOptions options;
  options.ca_file = ca_file(reader);
  options.proxy = reader.text("proxy").value_or("");
  if (!options.proxy.empty() && options.proxy != "none" && !is_http(options.proxy))
    reader.problem("proxy", "must be an http:// address or \"none\"");
  options.timeout = reader.duration("timeout", 100ms, 5min).value_or(options.timeout);
  return options;
}

// An address in the clear, or one that is a secret because whoever has it may post.
void read_address(const TableReader& reader, Secret& hidden, std::string& plain) {
  hidden = secret(reader, "url");
  plain = reader.text("url").value_or("");
  if (!plain.empty() && !is_http(plain)) reader.problem("url", "must begin with http:// or https://");
  if (plain.empty() == !hidden.source.given())
    reader.problem("url", plain.empty() ? "is missing; or url_env, or url_file" : "and url_env are both given");
}

ChannelOptions read_file(const TableReader& reader) {
  alerts::FileChannel file;
  file.path = needed_text(reader, "path");
  static constexpr std::string_view kNever = "off";
  file.rotate_daily = reader.choice("rotate", {kNever, "daily"}) == 1;
  if (const auto size = reader.integer("rotate_mb", 0, 1'000'000))
    file.rotate_size = static_cast<std::uint64_t>(*size) << 20;
  file.keep = static_cast<int>(reader.integer("keep", 0, 10'000).value_or(0));
  return file;
}

ChannelOptions read_webhook(const TableReader& reader) {
  alerts::WebhookChannel hook;
  read_address(reader, hook.url, hook.plain_url);
  hook.secret = secret(reader, "secret");
  hook.old_secret = secret(reader, "old_secret");
  if (hook.old_secret.source.given() && !hook.secret.source.given())
    reader.problem("old_secret_env", "wants a new one beside it: secret_env or secret_file");
  hook.http = http(reader);
  return hook;
}

template <class Chat>
ChannelOptions read_hook(const TableReader& reader) {
  Chat chat;
  read_address(reader, chat.url, chat.plain_url);
  chat.http = http(reader);
  return chat;
}

ChannelOptions read_telegram(const TableReader& reader) {
  alerts::TelegramChannel telegram;
  telegram.api = http_address(reader, "api", telegram.api);
  telegram.token = needed_secret(reader, "token");
  telegram.chat = needed_text(reader, "chat");
  telegram.http = http(reader);
  return telegram;
}

ChannelOptions read_line(const TableReader& reader) {
  alerts::LineChannel line;
  line.api = http_address(reader, "api", line.api);
  line.token = needed_secret(reader, "token");
  line.to = needed_text(reader, "to");
  line.http = http(reader);
  return line;
}

ChannelOptions read_pagerduty(const TableReader& reader) {
  alerts::PagerDutyChannel duty;
  duty.api = http_address(reader, "api", duty.api);
  duty.routing_key = needed_secret(reader, "routing_key");
  duty.http = http(reader);
  return duty;
}

ChannelOptions read_ntfy(const TableReader& reader) {
  alerts::NtfyChannel ntfy;
  ntfy.server = http_address(reader, "server", ntfy.server);
  ntfy.topic = needed_text(reader, "topic");
  ntfy.token = secret(reader, "token");
  ntfy.http = http(reader);
  return ntfy;
}

ChannelOptions read_email(const TableReader& reader) {
  alerts::EmailChannel mail;
  mail.server = needed_text(reader, "server");
  if (!mail.server.empty() && !mail.server.starts_with("smtp://") && !mail.server.starts_with("smtps://"))
    reader.problem("server", "must be smtp://host:port or smtps://host:port");
  mail.starttls = reader.flag("starttls").value_or(true);
  mail.from = needed_text(reader, "from");
  mail.to = reader.texts("to");
  if (mail.to.empty()) reader.problem("to", "is missing; a list of addresses");
  mail.user = reader.text("user").value_or("");
  mail.password = secret(reader, "password");
  if (mail.user.empty() == mail.password.source.given())
    reader.problem("user", "and password_env or password_file belong together");
  mail.ca_file = ca_file(reader);
  mail.chart = reader.flag("chart").value_or(true);
  mail.timeout = reader.duration("timeout", 100ms, 5min).value_or(mail.timeout);
  return mail;
}

ChannelOptions read_exec(const TableReader& reader) {
  alerts::ExecChannel exec;
  exec.command = reader.texts("command");
  if (exec.command.empty()) reader.problem("command", "is missing; a list: the program and its arguments");
  exec.pass_env = reader.texts("pass_env");
  exec.timeout = reader.duration("timeout", 100ms, 10min).value_or(exec.timeout);
  return exec;
}

ChannelOptions read_desktop(const TableReader& reader) {
  alerts::DesktopChannel desktop;
  desktop.command = reader.text("command").value_or(desktop.command);
  return desktop;
}

ChannelOptions read_nats(const TableReader& reader) {
  alerts::NatsChannel nats;
  nats.servers = reader.texts("servers");
  if (nats.servers.empty()) reader.problem("servers", "is missing; a list such as [\"nats://127.0.0.1:4222\"]");
  for (const auto& server : nats.servers) {
    if (!server.starts_with("nats://") && !server.starts_with("tls://"))
      reader.problem("servers", "'" + server + "' must begin with nats:// or tls://");
  }
  nats.user = reader.text("user").value_or("");
  nats.password = secret(reader, "password");
  nats.token = secret(reader, "token");
  nats.credentials_file = reader.text("credentials_file").value_or("");
  nats.ca_file = ca_file(reader);
  nats.stream = reader.text("stream").value_or(nats.stream);
  nats.subject = reader.text("subject").value_or(nats.subject);
  nats.timeout = reader.duration("timeout", 100ms, 5min).value_or(nats.timeout);
  return nats;
}

// In the order of ChannelOptions. Budgets are what the services allow, or what a person can read.
struct Kind {
  std::string_view name;
  ChannelOptions (*read)(const TableReader& reader);
  alerts::SinkRate rate;
};
constexpr Kind kKinds[] = {
    {"file", read_file, {0, 1}},
    {"webhook", read_webhook, {0, 1}},
    {"slack", read_hook<alerts::SlackChannel>, {1, 5}},
    {"discord", read_hook<alerts::DiscordChannel>, {1, 5}},
    {"telegram", read_telegram, {1.0 / 3, 5}},
    {"line", read_line, {1, 5}},
    {"pagerduty", read_pagerduty, {2, 10}},
    {"ntfy", read_ntfy, {1, 5}},
    {"email", read_email, {0.2, 10}},
    {"exec", read_exec, {10, 20}},
    {"desktop", read_desktop, {0.5, 5}},
    {"nats", read_nats, {0, 1}},
};
static_assert(std::size(kKinds) == std::variant_size_v<ChannelOptions>);

constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";

std::string all_kinds() {
  std::string all;
  for (const auto& kind : kKinds) all += (all.empty() ? "\"" : ", \"") + std::string(kind.name) + "\"";
  return all;
}

void read_template(const TableReader& reader, std::string_view key, std::string& out) {
  out = reader.text(key).value_or("");
  if (const auto good = alerts::check_template(out); !good) reader.problem(key, good.error().message);
}

void read_rate(const TableReader& reader, SinkOptions& sink) {
  if (const auto text = reader.text("rate")) {
    if (const auto rate = parse_rate(*text))
      sink.rate.per_second = *rate;
    else
      reader.problem("rate",
                     "'" + *text + "' must be a number for a time, \"1/s\", \"20/min\" or \"500/h\", or \"off\"");
  }
  sink.rate.burst = static_cast<int>(reader.integer("burst", 1, 10'000).value_or(sink.rate.burst));
}

}  // namespace

std::optional<double> parse_rate(std::string_view text) {
  if (text == "off") return 0;
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  double count = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + slash, count);
  const auto unit = text.substr(slash + 1);
  const double seconds = unit == "s" ? 1 : unit == "min" ? 60 : unit == "h" ? 3600 : 0;
  if (failed != std::errc{} || end != text.data() + slash || seconds == 0 || !(count > 0) || count > 1e6)
    return std::nullopt;
  return count / seconds;
}

std::optional<SinkOptions> SinkReader::read(const toml::table& table, std::size_t number) {
  const auto* name_node = table.get("name");
  const auto name = name_node == nullptr ? std::string{} : name_node->value_or(std::string{});
  const std::string path = name.empty() ? "sink " + std::to_string(number) : "sink '" + name + "'";
  const auto* kind_node = table.get("kind");
  const auto kind = kind_node == nullptr ? std::string{} : kind_node->value_or(std::string{});
  const auto before = problems_.lines().size();
  const auto* known = std::ranges::find(kKinds, kind, &Kind::name);
  if (known == std::end(kKinds)) {
    if (name.empty()) problems_.add(TableReader::line_of(table), path + ".name", "is missing");
    problems_.add(TableReader::line_of(kind_node != nullptr ? *kind_node : static_cast<const toml::node&>(table)),
                  path + ".kind",
                  (kind_node == nullptr ? "is missing; one of " : "must be one of ") + all_kinds() +
                      (kind_node == nullptr ? "" : ", not \"" + kind + "\""));
    return std::nullopt;
  }
  const TableReader reader{table, "sink " + kind, path, problems_};
  SinkOptions sink;
  sink.name = name;
  if (name.empty())
    reader.problem("name", "is missing or no string");
  else if (name.size() > 64 || name.find_first_not_of(kNameCharacters) != std::string::npos)
    reader.problem("name", "must be made of up to 64 letters, digits, '_', '-' and '.'");
  else if (!names_.insert(name).second)
    reader.problem("name", "'" + name + "' names two sinks");
  sink.channel = known->read(reader);
  sink.rate = known->rate;
  const bool archive = kind == "file" || kind == "nats";
  sink.deliver = reader.choice("deliver", {"all", "filtered"}).value_or(archive ? 0 : 1) == 0
                     ? alerts::Deliver::kAll
                     : alerts::Deliver::kFiltered;
  static constexpr Severity kSeverities[] = {Severity::kInfo, Severity::kLow, Severity::kHigh, Severity::kCritical};
  sink.least = kSeverities[reader.choice("severity", {"info", "low", "high", "critical"}).value_or(0)];
  sink.only_named = reader.flag("only_named").value_or(false);
  sink.language = reader.choice("lang", {"en", "ja"}) == 1 ? alerts::Language::kJapanese : alerts::Language::kEnglish;
  sink.fallback_for = reader.text("fallback_for").value_or("");
  sink.fallback_after = reader.duration("fallback_after", 1s, 1h).value_or(sink.fallback_after);
  if (reader.contains("fallback_after") && sink.fallback_for.empty())
    reader.problem("fallback_after", "wants 'fallback_for', the sink it stands for");
  if (!sink.fallback_for.empty() && sink.deliver == alerts::Deliver::kAll)
    reader.problem("fallback_for", "wants deliver = \"filtered\": an archive speaks for itself");
  read_rate(reader, sink);
  read_template(reader, "title", sink.title_template);
  read_template(reader, "text", sink.text_template);
  if (problems_.lines().size() != before) return std::nullopt;
  return sink;
}

}  // namespace yagura::config
