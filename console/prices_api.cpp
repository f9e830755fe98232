#include "console/prices_api.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "console/http_responses.hpp"
#include "console/query.hpp"

namespace yagura::console {
namespace {

using net::HttpReply;
using net::HttpResponse;

Result<CandleInterval> read_interval(const std::string& text) {
  const auto known = std::ranges::find(kIntervals, text, &CandleInterval::name);
  if (known != kIntervals.end()) return *known;
  std::string all;
  for (const auto& interval : kIntervals) all.append(all.empty() ? "" : ", ").append(interval.name);
  return Error{fmt::format("interval: '{:.40}' is none of {}", text, all)};
}

// What both questions have; `instrument` is looked up when all of it is read.
template <class Question>
Result<bool> take_common(std::string_view name, const std::string& text, std::size_t most, Question& question,
                         std::string& instrument) {
  if (name == "instrument") {
    instrument = text;
  } else if (name == "from" || name == "to") {
    const auto time = read_time(name, text);
    if (!time) return time.error();
    (name == "from" ? question.from : question.to) = *time;
  } else if (name == "limit") {
    const auto limit = read_number(name, text, 1, most);
    if (!limit) return limit.error();
    question.limit = static_cast<std::size_t>(*limit);
  } else {
    return false;
  }
  return true;
}

// Nothing: the question can be asked.
template <class Question>
std::optional<HttpResponse> refuse(const std::string& instrument, const PriceDesk& desk, Question& question) {
  const auto& symbols = desk.symbols();
  if (instrument.empty())
    return error_response(400, fmt::format("instrument: missing; there are {}", fmt::join(symbols, ", ")));
  const auto known = std::ranges::find(symbols, instrument);
  if (known == symbols.end())
    return error_response(
        404, fmt::format("instrument: '{:.40}' is not watched; there are {}", instrument, fmt::join(symbols, ", ")));
  question.instrument = SymbolId{static_cast<std::uint16_t>(known - symbols.begin())};
  if (question.from && question.to && *question.from > *question.to)
    return error_response(
        400, fmt::format("from: {} is later than to, {}", format_utc(*question.from), format_utc(*question.to)));
  return std::nullopt;
}

PriceDesk::Answer answer_with(const HttpReply& reply) {
  return [reply](Result<std::string> body) {
    send_later(reply, body ? json_response(200, *std::move(body)) : error_response(503, body.error().message));
  };
}

}  // namespace

HttpResponse handle_candles(std::string_view query, PriceDesk& desk) {
  CandleQuestion question;
  std::string instrument;
  const auto read = read_query(query, [&](std::string_view name, const std::string& text) -> Result<void> {
    const auto taken = take_common(name, text, kMostCandles, question, instrument);
    if (!taken) return taken.error();
    if (name != "interval") return {};
    const auto interval = read_interval(text);
    if (!interval) return interval.error();
    question.interval = *interval;
    return {};
  });
  if (!read) return error_response(400, read.error().message);
  if (auto refusal = refuse(instrument, desk, question)) return *std::move(refusal);
  return {.later = [&desk, question](const HttpReply& reply) { desk.candles(question, answer_with(reply)); }};
}

HttpResponse handle_ticks(std::string_view query, PriceDesk& desk) {
  TickQuestion question;
  std::string instrument;
  const auto read = read_query(query, [&](std::string_view name, const std::string& text) -> Result<void> {
    const auto taken = take_common(name, text, kMostTicks, question, instrument);
    if (!taken) return taken.error();
    return {};
  });
  if (!read) return error_response(400, read.error().message);
  if (auto refusal = refuse(instrument, desk, question)) return *std::move(refusal);
  return {.later = [&desk, question](const HttpReply& reply) { desk.ticks(question, answer_with(reply)); }};
}

}  // namespace yagura::console
