#include "console/metrics_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace yagura::console {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kLatencyBounds =
    std::to_array<Duration>({microseconds{1}, Duration{2'500}, microseconds{5}, microseconds{10}, microseconds{25},
                             microseconds{50}, microseconds{100}, microseconds{250}, microseconds{500}, milliseconds{1},
                             microseconds{2'500}, milliseconds{5}, milliseconds{10}, milliseconds{25}, milliseconds{50},
                             milliseconds{100}, milliseconds{250}, milliseconds{500}, seconds{1}});
constexpr auto kDeliveryBounds =
    std::to_array<Duration>({milliseconds{1}, microseconds{2'500}, milliseconds{5}, milliseconds{10}, milliseconds{25},
                             milliseconds{50}, milliseconds{100}, milliseconds{250}, milliseconds{500}, seconds{1},
                             milliseconds{2'500}, seconds{5}, seconds{10}, seconds{30}, seconds{60}});
constexpr std::size_t kMostBounds = kLatencyBounds.size();

double in_seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

void append_escaped(std::string& out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else if (c == '"' && quotes)
      out += "\\\"";
    else
      out += c;
  }
}

std::string_view format(double value, std::array<char, 32>& buffer) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

}  // namespace

void MetricsText::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  out_.append("# HELP ").append(name).append(" ");
  append_escaped(out_, help, false);
  out_.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

// Name and labels, up to the space before the value. `bound`: also le="bound".
void MetricsText::series(std::string_view suffix, Labels labels, std::string_view bound) {
  out_.append(name_).append(suffix);
  char before = '{';
  const auto label = [&](std::string_view name, std::string_view value) {
    out_ += before;
    out_.append(name).append("=\"");
    append_escaped(out_, value, true);
    out_ += '"';
    before = ',';
  };
  for (const auto& [name, value] : labels) label(name, value);
  if (!bound.empty()) label("le", bound);
  if (before == ',') out_ += '}';
  out_ += ' ';
}

void MetricsText::number(std::uint64_t value) { out_.append(std::to_string(value)).append("\n"); }

void MetricsText::number(double value) {
  std::array<char, 32> buffer{};
  out_.append(format(value, buffer)).append("\n");
}

void MetricsText::sample(std::uint64_t value, Labels labels) {
  series("", labels);
  number(value);
}

void MetricsText::sample(double value, Labels labels) {
  series("", labels);
  number(value);
}

void MetricsText::sample(const LatencyHistogram& values, std::span<const Duration> bounds, Labels labels) {
  std::array<std::uint64_t, kMostBounds> counts{};
  bounds = bounds.first(std::min(bounds.size(), kMostBounds));
  values.cumulative(bounds, counts);
  std::array<char, 32> buffer{};
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    series("_bucket", labels, format(in_seconds(bounds[i]), buffer));
    number(counts[i]);
  }
  series("_bucket", labels, "+Inf");
  number(values.count());
  series("_sum", labels);
  number(in_seconds(values.sum()));
  series("_count", labels);
  number(values.count());
}

void MetricsText::sample(Duration sum, std::uint64_t count, Labels labels) {
  series("_sum", labels);
  number(in_seconds(sum));
  series("_count", labels);
  number(count);
}

std::span<const Duration> latency_bounds() { return kLatencyBounds; }
std::span<const Duration> delivery_bounds() { return kDeliveryBounds; }

}  // namespace yagura::console
