#include "app/terminal_screen.hpp"

#include <poll.h>

#include <csignal>

#include "console/terminal/view.hpp"
#include "console/terminal/words.hpp"

namespace yagura::app {
namespace {

using namespace console::terminal;
using Why = TerminalScreen::End::Why;

// The signals that end a process are the monitor's own where there is one.
std::initializer_list<int> signals_for(bool in_monitor) {
  static constexpr std::initializer_list<int> kOfTerminal = {SIGWINCH, SIGTSTP, SIGCONT};
  static constexpr std::initializer_list<int> kOfViewer = {SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP};
  return in_monitor ? kOfTerminal : kOfViewer;
}

}  // namespace

TerminalScreen::TerminalScreen(Options options)
    : options_(std::move(options)),
      signals_(signals_for(options_.on_quit != nullptr)),
      desk_(Desk::Options{.author = {}, .lang = options_.lang}),
      mail_([this] { signals_.wake(); }) {}

Result<std::unique_ptr<TerminalScreen>> TerminalScreen::open(Options options) {
  std::unique_ptr<TerminalScreen> screen{new TerminalScreen{std::move(options)}};
  const auto& with = screen->options_;
  auto painter = Painter::open(with.painter);
  if (!painter) return painter.error();
  screen->painter_ = std::move(*painter);
  screen->requests_.emplace(with.address, with.token, screen->mail_);
  screen->link_.emplace(with.address, with.token, screen->mail_);
  return screen;
}

TerminalScreen::~TerminalScreen() = default;

TerminalScreen::End TerminalScreen::run() {
  while (!end_) {
    draw_when_due();
    wait();
    signals_.rest();
    look_at_signals();
    take_mail();
    if (!paused_) read_keys();
  }
  return *end_;
}

void TerminalScreen::stop() {
  stopping_.store(true);
  signals_.wake();
}

void TerminalScreen::tell(std::string text) {
  {
    const std::lock_guard lock{mutex_};
    told_ = std::move(text);
  }
  signals_.wake();
}

// A frame that the terminal has not taken goes before any other, however long that is.
void TerminalScreen::wait() {
  auto& tty = painter_->tty();
  const bool waiting = tty.waiting();
  const auto due = drawn_at_ + (changed_ ? kFrameEvery : kStillEvery);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - clock_.mono()).count();
  const auto patience = paused_ || waiting ? -1 : static_cast<int>(std::max<std::int64_t>(left, 0));
  pollfd watched[] = {{.fd = signals_.fd(), .events = POLLIN, .revents = 0},
                      {.fd = paused_ ? -1 : tty.input(), .events = POLLIN, .revents = 0},
                      {.fd = !paused_ && waiting ? tty.output() : -1, .events = POLLOUT, .revents = 0}};
  if (::poll(watched, 3, patience) <= 0) return;
  const bool gone = (watched[1].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
  if (gone || (watched[2].revents != 0 && !tty.flush())) quit({Why::kTerminalGone, {}});
}

void TerminalScreen::look_at_signals() {
  if (stopping_.load()) end_ = End{};
  if (!options_.on_quit && (signals_.take(SIGINT) || signals_.take(SIGTERM) || signals_.take(SIGHUP)))
    end_ = End{Why::kSignal, {}};
  if (signals_.take(SIGTSTP)) {
    pause();
    signals_.do_default(SIGTSTP);
  }
  if (signals_.take(SIGCONT)) {
    if (!paused_) pause();  // stopped without a warning: the shell had the terminal meanwhile
    if (painter_->tty().in_foreground()) go_on();
  }
  if (signals_.take(SIGWINCH) && !paused_) {
    painter_->on_resize();
    drawn_at_ = {};
  }
  const std::lock_guard lock{mutex_};
  if (told_.empty()) return;
  desk_.outcome(std::exchange(told_, {}), clock_.mono());
  changed_ = true;
}

void TerminalScreen::pause() {
  if (!paused_) painter_->suspend();
  paused_ = true;
}

void TerminalScreen::go_on() {
  painter_->resume();
  paused_ = false;
  drawn_at_ = {};
}

// -- What the monitor says ---------------------------------------------------------------------

void TerminalScreen::take_mail() {
  for (auto& event : mail_.take()) {
    std::visit([this](auto& it) { take(std::move(it)); }, event);
    changed_ = true;
  }
}

void TerminalScreen::take(ScreenMessage&& message) {
  const auto now = clock_.mono();
  const auto taken = model_.receive(message.json, now);
  if (!taken) return desk_.outcome(taken.error().message, now);
  if (*taken != Message::kHello) return;
  met_ = true;
  link_->say(model_.resume_message());
  requests_->fetch(model_.wanted());
}

void TerminalScreen::take(ScreenLost&& lost) {
  const bool hopeless = lost.why == ScreenLost::Why::kToken || lost.why == ScreenLost::Why::kRefused;
  if (!met_ && hopeless && !options_.on_quit) return quit({Why::kRefused, std::move(lost.text)});
  if (options_.on_quit && lost.why == ScreenLost::Why::kEnding)
    return desk_.outcome(in_words("the monitor is ending", "監視を終了しています"), clock_.mono());
  if (!lost.words.empty())
    lost.text = options_.address.name() + ": " + std::string{say(desk_.lang(look()), lost.words)};
  model_.link_lost(clock_.mono(), std::move(lost.text));
}

void TerminalScreen::take(ScreenAnswer&& answer) {
  const auto done = in_words(": done", "：完了");
  desk_.outcome(answer.what + (answer.done ? done : ": " + answer.text), clock_.mono());
}

void TerminalScreen::take(ScreenFetched&& fetched) {
  if (const auto taken = model_.receive_answer(fetched.json); !taken)
    desk_.outcome(taken.error().message, clock_.mono());
}

// -- What the viewer says ----------------------------------------------------------------------

void TerminalScreen::read_keys() {
  while (const auto key = painter_->next_key()) {
    obey(desk_.on_key(*key, model_, look(), clock_.mono()));
    changed_ = true;
    drawn_at_ = {};  // an answer to a key comes at once
  }
}

void TerminalScreen::obey(Command&& command) {
  if (std::holds_alternative<Quit>(command)) quit({});
  if (std::holds_alternative<Redraw>(command)) painter_->draw_anew();
  const auto* const request = std::get_if<Request>(&command);
  if (request != nullptr && !requests_->ask(*request))
    desk_.outcome(filled(say(desk_.lang(look()), "too_much"), {request->what}), clock_.mono());
}

void TerminalScreen::quit(End end) {
  if (!options_.on_quit || end.why == Why::kTerminalGone) end_ = std::move(end);
  if (!options_.on_quit) return;
  desk_.outcome(in_words("the monitor is ending", "監視を終了しています"), clock_.mono());
  options_.on_quit();
}

// -- Drawing -----------------------------------------------------------------------------------

void TerminalScreen::draw_when_due() {
  const auto now = clock_.mono();
  auto& tty = painter_->tty();
  if (paused_ || now < drawn_at_ + (changed_ ? kFrameEvery : kStillEvery)) return;
  if (tty.waiting() && (!tty.flush() || tty.waiting())) return;
  painter_->show(draw(model_, desk_, look(), now, clock_.now()));
  drawn_at_ = now;
  changed_ = false;
  if (!tty.flush()) quit({Why::kTerminalGone, {}});
}

Look TerminalScreen::look() const {
  return {.size = painter_->size(), .unicode = painter_->unicode(), .url = options_.url, .run = options_.run};
}

std::string TerminalScreen::in_words(const char* english, const char* japanese) const {
  return desk_.lang(look()) == Lang::kJapanese ? japanese : english;
}

}  // namespace yagura::app
