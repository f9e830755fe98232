#include "app/sinks.hpp"

#include <limits>
#include <random>

#include "alerts/channels/make_channel.hpp"
#include "alerts/compose.hpp"
#include "alerts/facts.hpp"

namespace yagura::app {
namespace {

// Whether somebody may still acknowledge it.
bool can_be_acknowledged(const alerts::Facts& facts, const alerts::Delivery& delivery) {
  using Purpose = alerts::Letter::Purpose;
  return facts.is_alert() && (delivery.purpose == Purpose::kAlert || delivery.purpose == Purpose::kReminder);
}

alerts::Letter word(const alerts::Delivery& delivery, std::string_view json, const alerts::SinkOptions& sink,
                    const std::vector<InstrumentInfo>& instruments, const alerts::AckLinks* links) {
  auto facts = alerts::read_facts(json);
  // Our own words; if they ever do not read back, they go out as they are.
  if (!facts) {
    facts = alerts::Facts{};
    facts->id = delivery.id;
    facts->title = "Alert";
    facts->text = facts->json = json;
  }
  const auto link = links != nullptr && can_be_acknowledged(*facts, delivery) ? links->url(delivery.episode) : "";
  alerts::Wording wording;
  wording.language = sink.language;
  wording.title_template = sink.title_template;
  wording.text_template = sink.text_template;
  wording.instruments = instruments;
  wording.link = link;
  auto letter = compose(*facts, delivery.purpose, wording);
  letter.episode = delivery.episode;
  letter.attempt = delivery.attempts + 1;
  // Tells reminders of one alert apart, the same for every attempt at one.
  if (delivery.purpose == alerts::Letter::Purpose::kReminder)
    letter.reminder = static_cast<int>(delivery.number % std::numeric_limits<int>::max()) + 1;
  return letter;
}

std::string summarise(const std::vector<alerts::Delivery>& folded, const alerts::SinkOptions& sink, Timestamp at) {
  std::vector<alerts::FoldedAlert> rows;
  for (const auto& delivery : folded) {
    auto& row = rows.emplace_back(delivery.id, delivery.severity);
    const auto facts = delivery.json ? alerts::read_facts(*delivery.json) : Result<alerts::Facts>{Error{"not at hand"}};
    if (!facts) continue;
    row.title = facts->title;
    row.title_ja = facts->title_ja;
  }
  return alerts::folded_message(sink.name, rows, at);
}

}  // namespace

Result<std::unique_ptr<alerts::Outbox>> make_outbox(const config::Settings& settings, alerts::Journal& journal,
                                                    const alerts::RecentPrices* recent, const alerts::AckLinks* links,
                                                    bool synthetic) {
  std::vector<alerts::Outbox::Sink> sinks;
  for (const auto& options : settings.sinks) {
    auto channel = alerts::make_channel(options, recent);
    if (!channel) return channel.error();
    sinks.push_back({options, std::move(*channel)});
  }
  alerts::Outbox::Options options;
  options.seed = std::random_device{}();
  options.compose = [instruments = settings.monitor.instruments,
                     links = links == nullptr ? std::nullopt : std::optional{*links}, synthetic](
                        const alerts::Delivery& delivery, std::string_view json, const alerts::SinkOptions& sink) {
    auto letter = word(delivery, json, sink, instruments, links ? &*links : nullptr);
    if (synthetic) letter.title = "[DEMO] " + letter.title;
    return letter;
  };
  options.summarise = [](const std::vector<alerts::Delivery>& folded, const alerts::SinkOptions& sink) {
    return summarise(folded, sink, folded.front().created);
  };
  return std::make_unique<alerts::Outbox>(std::move(sinks), journal, std::move(options));
}

}  // namespace yagura::app
