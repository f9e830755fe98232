#include "console/terminal/painter.hpp"

#include <langinfo.h>
#include <ncurses.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>  // exchange

#include "alerts/plain_text.hpp"
#include "console/terminal/terminfo.hpp"

namespace yagura::console::terminal {
namespace {

constexpr auto kLastBytes = std::chrono::milliseconds{500};
// An escape key is one when nothing follows so soon; what a key sends comes in one piece even over ssh.
constexpr int kEscapeMs = 25;

enum Pair : short { kRed = 1, kGreen, kYellow, kCyan, kWhiteOnRed };

struct Look {
  attr_t colourless;
  attr_t coloured;
  short pair = 0;
};

Look look_of(Ink ink, bool red_is_up) {
  switch (ink) {
    case Ink::kPlain: break;
    case Ink::kSoft: return {A_DIM, A_DIM};
    case Ink::kStrong: return {A_BOLD, A_BOLD};
    case Ink::kUp: return {A_NORMAL, A_NORMAL, red_is_up ? kRed : kGreen};
    case Ink::kDown: return {A_NORMAL, A_NORMAL, red_is_up ? kGreen : kRed};
    case Ink::kCritical: return {A_BOLD | A_UNDERLINE, A_BOLD, kRed};
    case Ink::kHigh: return {A_BOLD, A_BOLD, kYellow};
    case Ink::kLow: return {A_NORMAL, A_NORMAL, kCyan};
    case Ink::kInfo: return {A_DIM, A_DIM};
    case Ink::kGood: return {A_NORMAL, A_NORMAL, kGreen};
    case Ink::kWarn: return {A_UNDERLINE, A_BOLD, kYellow};
    case Ink::kBad: return {A_BOLD | A_UNDERLINE, A_BOLD, kRed};
    case Ink::kSelected: return {A_REVERSE, A_REVERSE};
    case Ink::kBar: return {A_REVERSE, A_REVERSE};
    case Ink::kAlarm: return {A_REVERSE | A_BOLD, A_BOLD, kWhiteOnRed};
  }
  return {A_NORMAL, A_NORMAL};
}

// What a terminal that shows ASCII can show of a text: a question mark for each column of the rest.
std::string ascii_only(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t size = 1;
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80) ++size;
    if (static_cast<unsigned char>(text.front()) < 0x80)
      out += text.front();
    else
      out.append(static_cast<std::size_t>(std::max(width_of(text.substr(0, size)), 0)), '?');
    text.remove_prefix(size);
  }
  return out;
}

Key key_of(int code) {
  using Code = Key::Code;
  switch (code) {
    case KEY_UP: return Key::of(Code::kUp);
    case KEY_DOWN: return Key::of(Code::kDown);
    case KEY_LEFT: return Key::of(Code::kLeft);
    case KEY_RIGHT: return Key::of(Code::kRight);
    case KEY_PPAGE: return Key::of(Code::kPageUp);
    case KEY_NPAGE: return Key::of(Code::kPageDown);
    case KEY_HOME: return Key::of(Code::kHome);
    case KEY_END: return Key::of(Code::kEnd);
    case KEY_ENTER: return Key::of(Code::kEnter);
    case KEY_BACKSPACE: return Key::of(Code::kBackspace);
    case KEY_DC: return Key::of(Code::kDelete);
    case KEY_BTAB: return Key::of(Code::kBackTab);
    default: return {};  // nothing we know
  }
}

Key key_of_character(char32_t character) {
  using Code = Key::Code;
  switch (character) {
    case U'\r':
    case U'\n': return Key::of(Code::kEnter);
    case U'\t': return Key::of(Code::kTab);
    case 0x1b: return Key::of(Code::kEscape);
    case 0x7f:
    case 0x08: return Key::of(Code::kBackspace);
    default: return Key::of(character);
  }
}

}  // namespace

// A locale that ssh brought along and nobody installed here still tells what the terminal understands.
void use_locale_of_terminal() {
  if (std::setlocale(LC_CTYPE, "") != nullptr) return;
  for (const char* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view wanted{value};
    if (wanted.ends_with(".UTF-8") || wanted.ends_with(".utf8")) std::setlocale(LC_CTYPE, "C.UTF-8");
    return;
  }
}

bool locale_is_utf8() { return std::string_view{::nl_langinfo(CODESET)} == "UTF-8"; }

// ncurses writes into a file in memory, and the terminal gets it from there as fast as it reads: a terminal
// that stands still would otherwise hold whoever draws.
class Painter::Screen {
 public:
  Screen(std::unique_ptr<Tty> device, Options with) : tty(std::move(device)), options(with) {}
  ~Screen() {
    if (screen != nullptr) {
      leave();
      ::delwin(keys);
      ::delscreen(screen);
    }
    if (memory != nullptr) std::fclose(memory);
  }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  Result<void> start();
  void leave();
  void enter();
  void show(const Frame& frame);
  void resize();
  void hand_over();
  void draw_anew() { clear_first = true; }
  std::optional<Key> next_key();

  std::unique_ptr<Tty> tty;
  const Options options;
  WINDOW* keys = nullptr;

 private:
  void make_colours();
  void draw(const Span& span, int row, int& column);
  void prepare_farewell();

  std::FILE* memory = nullptr;
  SCREEN* screen = nullptr;
  bool coloured = false;
  bool entered = false;
  bool clear_first = false;
  Size shown;
};

Result<void> Painter::Screen::start() {
  const int descriptor = ::memfd_create("screen", MFD_CLOEXEC);
  memory = descriptor < 0 ? nullptr : ::fdopen(descriptor, "w");
  if (memory == nullptr) return Error{"no memory for the screen"};
  ::use_env(FALSE);  // the terminal knows its size better than LINES and COLUMNS
  screen = ::newterm(nullptr, memory, stdin);
  if (screen == nullptr) return Error{name_of_terminal() + ": no screen can be shown"};
  ::set_escdelay(kEscapeMs);
  ::nonl();
  keys = ::newpad(1, 1);
  ::keypad(keys, TRUE);
  ::nodelay(keys, TRUE);
  make_colours();
  enter();
  return {};
}

void Painter::Screen::make_colours() {
  coloured = options.colour && ::has_colors();
  if (!coloured) return;
  ::start_color();
  const short paper = ::use_default_colors() == OK ? -1 : COLOR_BLACK;
  ::init_pair(kRed, COLOR_RED, paper);
  ::init_pair(kGreen, COLOR_GREEN, paper);
  ::init_pair(kYellow, COLOR_YELLOW, paper);
  ::init_pair(kCyan, COLOR_CYAN, paper);
  ::init_pair(kWhiteOnRed, COLOR_WHITE, COLOR_RED);
}

void Painter::Screen::enter() {
  entered = true;
  tty->enter();
  resize();
  clear_first = true;
}

void Painter::Screen::leave() {
  if (!std::exchange(entered, false)) return;
  ::endwin();
  hand_over();
  if (capability("rmcup").empty()) tty->write("\r\n");  // the picture stays, what follows goes below it
  tty->flush_within(kLastBytes);
  tty->leave();
}

// What endwin() would say, said where it cannot be called.
void Painter::Screen::prepare_farewell() {
  std::string farewell = capability("sgr0") + capability("rmkx") + capability("cnorm");
  tty->on_crash(farewell + go_to_row(shown.rows - 1) + capability("rmcup") + "\r\n");
}

void Painter::Screen::resize() {
  shown = tty->size();
  ::resizeterm(shown.rows, shown.columns);
  prepare_farewell();
}

void Painter::Screen::show(const Frame& frame) {
  ::werase(stdscr);
  const auto rows = std::min(static_cast<int>(frame.lines.size()), shown.rows);
  for (int row = 0; row < rows; ++row) {
    int column = 0;
    for (const auto& span : frame.lines[static_cast<std::size_t>(row)]) draw(span, row, column);
  }
  ::curs_set(frame.cursor ? 1 : 0);
  if (frame.cursor) ::wmove(stdscr, frame.cursor->row, frame.cursor->column);
  if (clear_first) ::clearok(::curscr, TRUE);
  clear_first = false;
  ::wrefresh(stdscr);
  hand_over();
}

void Painter::Screen::draw(const Span& span, int row, int& column) {
  if (column >= shown.columns) return;
  const auto clean = alerts::printable(span.text);  // whatever anybody forgot: nothing commands the terminal
  const std::string fits{fitting(clean, shown.columns - column)};
  const auto text = options.ascii ? ascii_only(fits) : fits;
  const auto look = look_of(span.ink, options.red_is_up);
  ::wattr_set(stdscr, coloured ? look.coloured : look.colourless, coloured ? look.pair : short{0}, nullptr);
  ::mvwaddnstr(stdscr, row, column, text.c_str(), static_cast<int>(text.size()));
  column += width_of(fits);
  ::wattr_set(stdscr, A_NORMAL, 0, nullptr);
}

std::optional<Key> Painter::Screen::next_key() {
  while (true) {
    wint_t read = 0;
    const int kind = ::wget_wch(keys, &read);
    if (kind == ERR) return std::nullopt;
    const auto key = kind == KEY_CODE_YES ? key_of(static_cast<int>(read)) : key_of_character(read);
    if (key != Key{}) return key;
  }
}

void Painter::Screen::hand_over() {
  const int descriptor = ::fileno(memory);
  const auto size = ::lseek(descriptor, 0, SEEK_CUR);
  if (size <= 0) return;
  std::string bytes(static_cast<std::size_t>(size), '\0');
  const auto taken = ::pread(descriptor, bytes.data(), bytes.size(), 0);
  if (taken > 0) tty->write(std::string_view{bytes}.substr(0, static_cast<std::size_t>(taken)));
  if (::ftruncate(descriptor, 0) == 0) ::lseek(descriptor, 0, SEEK_SET);
}

Result<std::unique_ptr<Painter>> Painter::open(Options options) {
  auto tty = Tty::open();
  if (!tty) return tty.error();
  options.ascii = options.ascii || !locale_is_utf8();
  auto screen = std::make_unique<Screen>(std::move(*tty), options);
  if (auto started = screen->start(); !started) return started.error();
  return std::unique_ptr<Painter>{new Painter{std::move(screen)}};
}

Painter::Painter(std::unique_ptr<Screen> screen) : screen_(std::move(screen)) {}
Painter::~Painter() = default;

Size Painter::size() const { return screen_->tty->size(); }
bool Painter::unicode() const { return !screen_->options.ascii; }
std::optional<Key> Painter::next_key() { return screen_->next_key(); }
void Painter::on_resize() { screen_->resize(); }
void Painter::show(const Frame& frame) { screen_->show(frame); }
void Painter::draw_anew() { screen_->draw_anew(); }
void Painter::suspend() { screen_->leave(); }
void Painter::resume() { screen_->enter(); }
Tty& Painter::tty() { return *screen_->tty; }

}  // namespace yagura::console::terminal
