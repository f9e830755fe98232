// send_letter OPTIONS: a channel driven by a script. OPTIONS is a JSON object with `kind` and the channel's
// keys, `lang` and `prices` ([[ns, "price"], ...] of NI225). Each line of standard input is a letter; each is
// answered by a line {"result", "detail", "retry_after_s", "seconds"}. `stop_after_ms` of a letter asks
// the attempt to stop.
#include <simdjson.h>

#include <chrono>
#include <iostream>
#include <string>
#include <thread>

#include "alerts/channels/make_channel.hpp"
#include "core/json_writer.hpp"

namespace yagura::alerts {
namespace {

using Object = simdjson::dom::object;

std::string text_of(const Object& object, const char* key, std::string fallback = {}) {
  std::string_view text;
  return object[key].get(text) == simdjson::SUCCESS ? std::string{text} : fallback;
}
bool flag_of(const Object& object, const char* key, bool fallback) {
  bool flag = fallback;
  return object[key].get(flag) == simdjson::SUCCESS ? flag : fallback;
}
std::int64_t number_of(const Object& object, const char* key, std::int64_t fallback) {
  std::int64_t number = fallback;
  return object[key].get(number) == simdjson::SUCCESS ? number : fallback;
}
std::vector<std::string> texts_of(const Object& object, const char* key) {
  std::vector<std::string> texts;
  simdjson::dom::array array;
  if (object[key].get(array) != simdjson::SUCCESS) return texts;
  for (const auto item : array) {
    std::string_view text;
    if (item.get(text) == simdjson::SUCCESS) texts.emplace_back(text);
  }
  return texts;
}
Duration timeout_of(const Object& object, int seconds) {
  return std::chrono::milliseconds{number_of(object, "timeout_ms", seconds * 1000)};
}

ChannelOptions channel_of(const Object& o) {
  const auto kind = text_of(o, "kind");
  if (kind == "exec") return ExecChannel{texts_of(o, "command"), texts_of(o, "pass_env"), timeout_of(o, 10)};
  if (kind == "desktop") return DesktopChannel{text_of(o, "command", "notify-send")};
  if (kind == "file") {
    return FileChannel{text_of(o, "path"), static_cast<std::uint64_t>(number_of(o, "rotate_size", 0)),
                       flag_of(o, "rotate_daily", false), static_cast<int>(number_of(o, "keep", 0))};
  }
  EmailChannel mail;
  mail.server = text_of(o, "server");
  mail.starttls = flag_of(o, "starttls", true);
  mail.from = text_of(o, "from", "alerts@example.com");
  mail.to = texts_of(o, "to");
  mail.user = text_of(o, "user");
  mail.password.value = text_of(o, "password");
  mail.ca_file = text_of(o, "ca_file");
  mail.timeout = timeout_of(o, 30);
  return mail;
}

Id128 id_of(const Object& object, const char* key) {
  const auto hex = text_of(object, key, std::string(32, '0'));
  return {std::stoull(hex.substr(0, 16), nullptr, 16), std::stoull(hex.substr(16), nullptr, 16)};
}

Letter letter_of(const Object& o) {
  Letter letter;
  letter.purpose = static_cast<Letter::Purpose>(number_of(o, "purpose", 0));
  letter.id = id_of(o, "id");
  letter.episode = text_of(o, "episode").empty() ? letter.id : id_of(o, "episode");
  letter.severity = static_cast<Severity>(number_of(o, "severity", 2));
  letter.kind = text_of(o, "kind", "milestone");
  letter.event = text_of(o, "event", "reached");
  letter.instrument = text_of(o, "instrument", "NI225");
  letter.title = text_of(o, "title");
  letter.text = text_of(o, "text");
  letter.json = text_of(o, "json", "{}");
  letter.ts_event = timestamp_from_ns(number_of(o, "ts_event_ns", 0));
  letter.ack_url = text_of(o, "ack_url");
  letter.attempt = static_cast<int>(number_of(o, "attempt", 1));
  return letter;
}

void fill(RecentPrices& recent, const Object& options) {
  simdjson::dom::array prices;
  if (options["prices"].get(prices) != simdjson::SUCCESS) return;
  for (const auto point : prices) {
    recent.push(SymbolId{0}, timestamp_from_ns(point.at(0).get_int64().value()),
                parse_price(point.at(1).get_string().value()).value());
  }
}

Attempt timed_send(Channel& channel, const Letter& letter, std::int64_t stop_after_ms, double& seconds) {
  std::stop_source stop;
  std::jthread stopper;
  if (stop_after_ms > 0) {
    stopper = std::jthread{[&] {
      std::this_thread::sleep_for(std::chrono::milliseconds{stop_after_ms});
      stop.request_stop();
    }};
  }
  const auto begun = std::chrono::steady_clock::now();
  auto attempt = channel.send(letter, stop.get_token());
  seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  return attempt;
}

void answer(const Attempt& attempt, double seconds) {
  constexpr const char* kResults[] = {"delivered", "failed", "refused", "gone"};
  std::string out;
  JsonWriter json{out};
  json.begin_object().field("result", kResults[static_cast<int>(attempt.result)]).field("detail", attempt.detail);
  if (attempt.retry_after) json.field("retry_after_s", std::chrono::duration<double>(*attempt.retry_after).count());
  json.field("seconds", seconds).end_object();
  std::cout << out << std::endl;
}

int run(const std::string& options_text) {
  simdjson::dom::parser options_parser;
  const Object options = options_parser.parse(options_text).get_object();
  InstrumentInfo nikkei{"NI225", "Nikkei 225", "日経平均", {}, {}, CalendarKind::kTse, true, {}};
  nikkei.tick = parse_price_delta("0.01").value();
  RecentPrices recent{std::vector{nikkei}};
  fill(recent, options);
  SinkOptions sink;
  sink.name = "test";
  sink.channel = channel_of(options);
  if (text_of(options, "lang") == "ja") sink.language = Language::kJapanese;
  const auto channel = make_channel(sink, &recent);
  if (!channel) {
    std::cerr << channel.error().message << '\n';
    return 2;
  }
  simdjson::dom::parser parser;
  for (std::string line; std::getline(std::cin, line);) {
    const Object letter = parser.parse(line).get_object();
    double seconds = 0;
    const auto attempt = timed_send(**channel, letter_of(letter), number_of(letter, "stop_after_ms", 0), seconds);
    answer(attempt, seconds);
  }
  return 0;
}

}  // namespace
}  // namespace yagura::alerts

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "send_letter OPTIONS\n";
    return 2;
  }
  return yagura::alerts::run(argv[1]);
}
