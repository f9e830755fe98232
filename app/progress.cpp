#include "app/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>

#include "alerts/plain_text.hpp"
#include "app/text_table.hpp"

namespace yagura::app {
namespace {

constexpr auto kQuietStart = std::chrono::milliseconds{500};
constexpr auto kBetweenFrames = std::chrono::milliseconds{100};
constexpr int kBarWidth = 24;
constexpr std::size_t kUsualWidth = 80;
constexpr std::size_t kLongestWhat = 30;

std::size_t terminal_width() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kUsualWidth;
}

std::string rate_text(double per_second) {
  if (per_second >= 1e6) return fmt::format("{:.1f} M ticks/s", per_second / 1e6);
  if (per_second >= 1e3) return fmt::format("{:.0f} k ticks/s", per_second / 1e3);
  return fmt::format("{:.0f} ticks/s", per_second);
}

std::string left_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::ceil(std::min(seconds, 1e6)));
  return whole < 60 ? fmt::format("{} s left", whole) : fmt::format("{} min {:02} s left", whole / 60, whole % 60);
}

}  // namespace

std::string progress_line(const std::string& what, double fraction, std::uint64_t ticks,
                          std::chrono::duration<double> elapsed, std::size_t width) {
  std::string line = what;
  if (fraction >= 0) {
    const double done = std::min(fraction, 1.0);
    const int full = static_cast<int>(done * kBarWidth);
    line += fmt::format("  [{:#<{}}{:.<{}}]  {} %", "", full, "", kBarWidth - full, static_cast<int>(done * 100));
  }
  if (elapsed.count() > 0) line += "  " + rate_text(static_cast<double>(ticks) / elapsed.count());
  if (fraction > 0) line += "  " + left_text(elapsed.count() * (1 - std::min(fraction, 1.0)) / fraction);
  while (display_width(line) > width) {
    while ((static_cast<unsigned char>(line.back()) & 0xC0U) == 0x80) line.pop_back();
    line.pop_back();
  }
  return line;
}

Progress::Progress(std::string what)
    : what_(alerts::printable(what, kLongestWhat)),
      visible_(::isatty(STDERR_FILENO) != 0),
      start_(Clock::now()),
      next_(start_ + kQuietStart) {}

Progress::~Progress() { clear(); }

void Progress::update(double fraction, std::uint64_t ticks) {
  if (!visible_) return;
  const auto now = Clock::now();
  if (now < next_) return;
  next_ = now + kBetweenFrames;
  // The last column stays free: filling it would wrap the line on some terminals.
  const auto line = progress_line(what_, fraction, ticks, now - start_, terminal_width() - 1);
  const auto width = display_width(line);
  std::fprintf(stderr, "\r%s%*s", line.c_str(), static_cast<int>(shown_ > width ? shown_ - width : 0), "");
  std::fflush(stderr);
  shown_ = std::max(width, shown_);
}

feeds::OnRead reading(Progress& progress) {
  if (!progress.visible()) return {};
  return [&progress](const feeds::ReadProgress& at) {
    const bool known = at.size != 0;
    progress.update(known ? static_cast<double>(at.bytes) / static_cast<double>(at.size) : -1, at.lines);
  };
}

void Progress::clear() {
  if (shown_ == 0) return;
  std::fprintf(stderr, "\r%*s\r", static_cast<int>(shown_), "");
  std::fflush(stderr);
  shown_ = 0;
}

}  // namespace yagura::app
