// Writes metrics in Prometheus' text form, version 0.0.4: a family with its help and type, then its
// samples. Not thread-safe.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "core/latency_histogram.hpp"

namespace yagura::console {

class MetricsText {
 public:
  struct Label {
    std::string_view name;   // of letters, digits and _
    std::string_view value;  // anything; escaped
  };
  using Labels = std::initializer_list<Label>;

  // Appends to `out`, which must outlive the writer.
  explicit MetricsText(std::string& out) : out_(out) {}

  // Begins a family; what follows belongs to it. `name` and `help` must live until the next one.
  void counter(std::string_view name, std::string_view help) { family(name, "counter", help); }
  void gauge(std::string_view name, std::string_view help) { family(name, "gauge", help); }
  void histogram(std::string_view name, std::string_view help) { family(name, "histogram", help); }
  void summary(std::string_view name, std::string_view help) { family(name, "summary", help); }

  void sample(std::uint64_t value, Labels labels = {});
  void sample(double value, Labels labels = {});
  // A histogram's series: one bucket for each of `bounds`, which ascend, and one for all.
  void sample(const LatencyHistogram& values, std::span<const Duration> bounds, Labels labels = {});
  // A summary's series, without quantiles.
  void sample(Duration sum, std::uint64_t count, Labels labels = {});

 private:
  void family(std::string_view name, std::string_view type, std::string_view help);
  void series(std::string_view suffix, Labels labels, std::string_view bound = {});
  void number(std::uint64_t value);
  void number(double value);

  std::string& out_;
  std::string_view name_;
};

// 1 us to 1 s in steps of 1, 2.5, 5: what a tick may take.
[[nodiscard]] std::span<const Duration> latency_bounds();
// 1 ms to 60 s: what a delivery may take.
[[nodiscard]] std::span<const Duration> delivery_bounds();

}  // namespace yagura::console
