// Line charts as SVG, drawn with the page's own colours. No script, nothing from outside.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace yagura::app::bench {

struct Axis {
  double least = 0;
  double most = 1;
  bool logarithmic = false;
  std::string title;
  std::vector<std::pair<double, std::string>> marks;  // value and its words
};

// Powers of ten and their 2 and 5 around the values: "10", "20", "50".
[[nodiscard]] Axis log_axis(std::string title, double least, double most);
// Steps of 1, 2 or 5, from 0.
[[nodiscard]] Axis linear_axis(std::string title, double most);

class Chart {
 public:
  Chart(Axis x, Axis y) : x_(std::move(x)), y_(std::move(y)) {}

  // `colour`: 0 to 9, one of the page's; `note` is shown under the pointer.
  void line(const std::vector<std::pair<double, double>>& points, int colour, const std::string& note);
  void dots(const std::vector<std::pair<double, double>>& points, int colour, const std::string& note);

  // `label` says what it shows to those who do not see it.
  [[nodiscard]] std::string svg(const std::string& label) const;

 private:
  [[nodiscard]] double left_of(double x) const;
  [[nodiscard]] double top_of(double y) const;

  Axis x_, y_;
  std::string drawn_;
};

}  // namespace yagura::app::bench
