#include "app/bench/chart.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "alerts/plain_text.hpp"

namespace yagura::app::bench {

using alerts::html_escaped;

namespace {

// Of the drawing, in its own units; the page scales it.
constexpr double kWidth = 900;
constexpr double kHeight = 340;
constexpr double kLeft = 64;
constexpr double kRight = 16;
constexpr double kTop = 12;
constexpr double kBottom = 46;

// Where a value stands between the ends of an axis, 0 to 1.
double share(const Axis& axis, double value) {
  const double inside = std::clamp(value, axis.least, axis.most);
  if (!axis.logarithmic) return (inside - axis.least) / (axis.most - axis.least);
  return std::log(inside / axis.least) / std::log(axis.most / axis.least);
}

std::string words(double value) {
  return value >= 1000 ? fmt::format("{:g}k", value / 1000) : fmt::format("{:g}", value);
}

}  // namespace

Axis log_axis(std::string title, double least, double most) {
  constexpr double kSteps[] = {1, 2, 5};
  const double from = std::pow(10, std::floor(std::log10(std::max(least, 1e-3))));
  Axis axis{from, std::max(most, from * 10) * 1.1, true, std::move(title), {}};
  const bool dense = axis.most / axis.least < 2000;
  for (double decade = from; decade <= axis.most; decade *= 10) {
    for (const double step : kSteps) {
      if (decade * step <= axis.most && (dense || step == 1))
        axis.marks.emplace_back(decade * step, words(decade * step));
    }
  }
  return axis;
}

Axis linear_axis(std::string title, double most) {
  Axis axis{0, std::max(most, 1e-9), false, std::move(title), {}};
  const double rough = axis.most / 8;
  double step = std::pow(10, std::floor(std::log10(rough)));
  if (rough > 5 * step)
    step *= 10;
  else if (rough > 2 * step)
    step *= 5;
  else if (rough > step)
    step *= 2;
  for (int i = 0; i * step <= axis.most; ++i) axis.marks.emplace_back(i * step, words(i * step));
  return axis;
}

double Chart::left_of(double x) const { return kLeft + share(x_, x) * (kWidth - kLeft - kRight); }
double Chart::top_of(double y) const { return kHeight - kBottom - share(y_, y) * (kHeight - kTop - kBottom); }

void Chart::line(const std::vector<std::pair<double, double>>& points, int colour, const std::string& note) {
  if (points.empty()) return;
  std::string path;
  for (const auto& [x, y] : points) path += fmt::format("{:.1f},{:.1f} ", left_of(x), top_of(y));
  drawn_ += fmt::format("<polyline class=\"line c{}\" points=\"{}\"><title>{}</title></polyline>\n", colour, path,
                        html_escaped(note));
}

void Chart::dots(const std::vector<std::pair<double, double>>& points, int colour, const std::string& note) {
  for (const auto& [x, y] : points)
    drawn_ += fmt::format(
        "<circle class=\"dot c{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.2\"><title>{} {:.0f}</title></circle>\n", colour,
        left_of(x), top_of(y), html_escaped(note), y);
}

std::string Chart::svg(const std::string& label) const {
  auto text =
      fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n", kWidth, kHeight, html_escaped(label));
  for (const auto& [value, name] : x_.marks)
    text += fmt::format(
        "<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>"
        "<text x=\"{0:.1f}\" y=\"{3}\" text-anchor=\"middle\">{4}</text>\n",
        left_of(value), kTop, kHeight - kBottom, kHeight - kBottom + 16, html_escaped(name));
  for (const auto& [value, name] : y_.marks)
    text += fmt::format(
        "<line class=\"grid\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/>"
        "<text x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\">{5}</text>\n",
        kLeft, kWidth - kRight, top_of(value), kLeft - 6, top_of(value) + 4, html_escaped(name));
  text += fmt::format("<text class=\"title\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                      (kLeft + kWidth - kRight) / 2, kHeight - 8, html_escaped(x_.title));
  text +=
      fmt::format("<text class=\"title\" transform=\"translate(14 {}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
                  (kTop + kHeight - kBottom) / 2, html_escaped(y_.title));
  return text + drawn_ + "</svg>\n";
}

}  // namespace yagura::app::bench
