#include "app/console_lines.hpp"

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <deque>
#include <optional>
#include <set>
#include <utility>

#include "app/commands.hpp"
#include "app/console_link.hpp"
#include "app/patient_writer.hpp"
#include "app/remote_lines.hpp"
#include "app/screen_mail.hpp"
#include "console/terminal/message.hpp"
#include "console/terminal/model.hpp"
#include "console/terminal/signals.hpp"

namespace yagura::app {
namespace {

using namespace console::terminal;

class LinePrinter {
 public:
  LinePrinter(const ConsoleAddress& address, const std::string& token, Lang lang)
      : name_(address.name()), lines_(lang, false), link_(address, token, mail_) {}

  int run() {
    while (!code_) {
      wait();
      for (auto& event : mail_.take()) {
        if (code_) break;
        if (const auto* const message = std::get_if<ScreenMessage>(&event)) take(*message);
        if (const auto* const lost = std::get_if<ScreenLost>(&event)) take(*lost);
      }
    }
    return *code_;
  }

 private:
  // A reader that goes away while there is nothing to say is noticed as well.
  void wait() {
    pollfd watched[] = {{.fd = signals_.fd(), .events = POLLIN, .revents = 0},
                        {.fd = STDOUT_FILENO, .events = 0, .revents = 0}};
    ::poll(watched, 2, -1);
    signals_.rest();
    if (told_to_end()) code_ = kDone;
    if (!code_ && (watched[1].revents & (POLLERR | POLLHUP)) != 0) reader_has_gone();
  }

  bool told_to_end() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ended_ = signals_.take(signal) || ended_;
    return ended_;
  }

  void reader_has_gone() { code_ = complain(kFailed, "standard output: nobody reads it any more"); }

  void take(const ScreenMessage& message) {
    const auto taken = model_.receive(message.json, clock_.mono());
    if (!taken) {
      complain(kFailed, name_ + ": " + taken.error().message);
    } else if (*taken == Message::kHello) {
      greet();
    } else if (*taken == Message::kError) {
      complain(kFailed, name_ + ": " + model_.last_error());
    } else if (*taken == Message::kAlert) {
      auto incoming = reader_.read(message.json);
      if (incoming) print(std::get<AlertMessage>(*incoming).alert);
    }
  }

  void greet() {
    if (!met_) complain(kDone, "the alerts of " + name_ + "; Ctrl-C ends");
    if (met_ && lost_) complain(kDone, name_ + ": connected again");
    met_ = true;
    lost_ = false;
    link_.say(model_.resume_message());
  }

  void take(const ScreenLost& lost) {
    if (!met_) {
      code_ = complain(kFailed, lost.text);
    } else if (!lost_) {
      lost_ = true;
      complain(kFailed, lost.text + "; trying again");
    }
  }

  // Once each, also when the monitor cannot know what we have.
  void print(const AlertRow& alert) {
    if (!seen_.emplace(alert.id, alert.event).second) return;
    order_.emplace_back(alert.id, alert.event);
    if (order_.size() > Model::kMostAlerts) {
      seen_.erase(order_.front());
      order_.pop_front();
    }
    const auto* const state = model_.state();
    auto line = state == nullptr ? std::string{} : lines_.line(alert, *state);
    if (line.empty()) return;
    line += '\n';
    if (write_patiently(STDOUT_FILENO, line, [this] { return told_to_end(); })) return;
    if (ended_)
      code_ = kDone;
    else
      reader_has_gone();
  }

  const std::string name_;
  RealClock clock_;
  SignalWatch signals_{SIGINT, SIGTERM, SIGHUP};
  Model model_;
  MessageReader reader_;
  RemoteLines lines_;
  std::set<std::pair<std::string, std::string>> seen_;  // id and event of what was printed
  std::deque<std::pair<std::string, std::string>> order_;
  bool met_ = false;
  bool lost_ = false;
  bool ended_ = false;
  std::optional<int> code_;
  ScreenMail mail_{[this] { signals_.wake(); }};
  ConsoleLink link_;
};

}  // namespace

int print_console_lines(const ConsoleAddress& address, const std::string& token, Lang lang) {
  return LinePrinter{address, token, lang}.run();
}

}  // namespace yagura::app
