#include "console/corrections_api.hpp"

#include <simdjson.h>

#include <charconv>

#include "console/http_responses.hpp"
#include "core/json_writer.hpp"

namespace yagura::console {
namespace {

using net::HttpRequest;
using net::HttpResponse;

constexpr std::string_view kExample = R"({"instrument":"NI225","ts_event_ns":1770596520000000000,"price":"57337.07"})";

std::optional<Timestamp> parse_ns(std::string_view digits) {
  std::int64_t ns = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), ns);
  if (error != std::errc{} || end != digits.data() + digits.size() || ns <= 0) return std::nullopt;
  return timestamp_from_ns(ns);
}

}  // namespace

std::optional<Correction> parse_correction(std::string_view body, std::string& error) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  const auto fail = [&](std::string what) {
    error = std::move(what) + "; expected " + std::string(kExample);
    return std::nullopt;
  };
  if (parser.parse(body.data(), body.size()).get(object) != simdjson::SUCCESS) return fail("not a JSON object");
  Correction print;
  std::optional<Timestamp> ts_event;
  std::optional<Price> price;
  for (const auto field : object) {
    std::string_view text;
    const bool is_text = field.value.get(text) == simdjson::SUCCESS;
    // A number is taken as it was written, not through floating point.
    const auto written = is_text ? std::string(text) : simdjson::minify(field.value);
    if (field.key == "instrument" && is_text) {
      print.instrument = text;
    } else if (field.key == "ts_event_ns") {
      ts_event = parse_ns(written);
      if (!ts_event) return fail("ts_event_ns: '" + written.substr(0, 40) + "' is no count of nanoseconds since 1970");
    } else if (field.key == "price") {
      price = parse_price(written);
      if (!price || price->raw() <= 0) return fail("price: '" + written.substr(0, 40) + "' is no price above zero");
    } else {
      return fail("'" + std::string(field.key.substr(0, 40)) + "' is no field here, or its value does not fit");
    }
  }
  if (print.instrument.empty()) return fail("no instrument");
  if (!ts_event) return fail("no ts_event_ns");
  if (!price) return fail("no price");
  print.ts_event = *ts_event;
  print.price = *price;
  return print;
}

HttpResponse handle_correction(const HttpRequest& request, CorrectionDesk& desk) {
  if (request.method != "POST") return wrong_method("POST");
  if (!request.header("Content-Type").starts_with("application/json"))
    return error_response(415, "Content-Type must be application/json");
  std::string error;
  const auto print = parse_correction(request.body, error);
  if (!print) return error_response(400, error);
  const auto answer = desk.cancel(*print);
  if (answer.status != 200) return error_response(answer.status, answer.message);
  std::string body;
  JsonWriter json{body};
  json.begin_object()
      .field("instrument", print->instrument)
      .field("ts_event_ns", to_ns(print->ts_event))
      .field("price", print->price)
      .field("changed", answer.changed)
      .field("withdrawn", answer.withdrawn)
      .field("message", answer.message)
      .end_object();
  return json_response(200, std::move(body));
}

}  // namespace yagura::console
