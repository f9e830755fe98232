// yagura alerts test: one marked letter to one sink, by the way every alert takes.
#include <cstdio>

#include "alerts/channels/make_channel.hpp"
#include "alerts/compose.hpp"
#include "alerts/facts.hpp"
#include "app/commands.hpp"
#include "app/start_up.hpp"
#include "config/load.hpp"
#include "core/clock.hpp"

namespace yagura::app {
namespace {

std::string names_of(const std::vector<alerts::SinkOptions>& sinks) {
  std::string names;
  for (const auto& sink : sinks) names += (names.empty() ? "" : ", ") + sink.name;
  return names.empty() ? "none is configured" : "one of " + names;
}

std::string_view words_of(alerts::Attempt::Result result) {
  using Came = alerts::Attempt::Result;
  switch (result) {
    case Came::kDelivered: return "delivered";
    case Came::kFailed: return "not delivered, an alert would be tried again";
    case Came::kRefused: return "refused; an alert would not be tried again";
    case Came::kGone: return "the place is gone; the sink would be switched off";
  }
  return "";
}

Result<alerts::Letter> test_letter(const alerts::SinkOptions& sink, const config::Settings& settings, Timestamp now) {
  const auto facts = alerts::read_facts(alerts::test_message(sink.name, now));
  if (!facts) return facts.error();
  alerts::Wording wording;
  wording.language = sink.language;
  wording.title_template = sink.title_template;
  wording.text_template = sink.text_template;
  wording.instruments = settings.monitor.instruments;
  return compose(*facts, alerts::Letter::Purpose::kTest, wording);
}

}  // namespace

int test_sink(const AlertsOptions& options) {
  auto settings = load_settings(options.config);
  if (!settings) return kUsage;
  const auto wanted = std::ranges::find(settings->sinks, options.sink, &alerts::SinkOptions::name);
  if (wanted == settings->sinks.end())
    return complain(kUsage, "there is no sink '" + options.sink.substr(0, 40) + "'; " + names_of(settings->sinks));
  // No other secret is needed, and none should be asked for.
  settings->sinks = {*wanted};
  const auto problems = config::read_sink_secrets(*settings);
  for (const auto& problem : problems) complain(kUsage, problem);
  if (!problems.empty()) return kUsage;

  const auto& sink = settings->sinks.front();
  const RealClock clock;
  const auto channel = alerts::make_channel(sink);
  if (!channel) return complain(kUsage, channel.error().message);
  const auto letter = test_letter(sink, *settings, clock.now());
  if (!letter) return complain(kFailed, letter.error().message);
  const auto start = clock.mono();
  const auto attempt = (*channel)->send(*letter, std::stop_token{});
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(clock.mono() - start).count();
  const auto detail = attempt.detail.empty() ? std::string{} : ": " + attempt.detail;
  const auto report = "sink '" + sink.name + "': " + std::string(words_of(attempt.result)) + " (after " +
                      grouped(static_cast<std::uint64_t>(ms)) + " ms)" + detail;
  if (attempt.result != alerts::Attempt::Result::kDelivered) return complain(kFailed, report);
  std::puts(report.c_str());
  return kDone;
}

}  // namespace yagura::app
