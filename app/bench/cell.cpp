#include "app/bench/cell.hpp"

#include <algorithm>
#include <cmath>

#include "app/bench/clients.hpp"
#include "app/bench/frames.hpp"
#include "app/bench/loop.hpp"
#include "app/bench/stages.hpp"
#include "app/bench/wire.hpp"

namespace yagura::app::bench {
namespace {

constexpr auto kPatience = std::chrono::seconds{10};
constexpr auto kWarmPatience = std::chrono::milliseconds{100};  // the very first probe only says where the price is

// A moment from which on the schedule counts, with room to fill in the digits before it.
struct Start {
  MonoTime mono;
  Timestamp wall;
};
Start start_for(std::size_t ticks) {
  const auto ahead = std::chrono::milliseconds{20} + Duration{static_cast<std::int64_t>(ticks) * 60};
  const auto mono = std::chrono::steady_clock::now();
  return {mono + ahead, std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()) + ahead};
}

// The feed's client asks for its symbols; it gets what the protocol says.
Result<void> answer_subscription(const Fd& socket, FrameReader& reader, const std::vector<std::string>& symbols) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  FrameReader::Frame frame;
  while (!reader.next(frame) || frame.opcode != Opcode::kText) {
    if (reader.broken() != nullptr) return Error{reader.broken()};
    const auto count = receive_some(socket.get(), reader.room(), reader.room_left());
    if (count < 0) return Error{"it hung up before it subscribed"};
    reader.added(static_cast<std::size_t>(count));
    if (interrupted()) return Error{"interrupted"};
    if (std::chrono::steady_clock::now() > deadline) return Error{"it did not subscribe in time"};
  }
  std::string answer = R"({"type":"subscribed","symbols":[")";
  for (const auto& symbol : symbols) answer += symbol + R"(",")";
  std::string bytes;
  append_frame(bytes, Opcode::kText, answer + std::string{kProbe} + R"("]})", false);
  return send_all(socket, bytes);
}

// Client first: it misses no alert, whichever end the path connects first.
Result<Wire> connect(const Subject& subject, const Listener& listener, const CellOptions& options) {
  auto client = connect_to_loopback(subject.alerts_port);
  if (!client) return client.error();
  std::string rest;
  if (const auto made = client_handshake(*client, subject.alerts_port, rest); !made) return made.error();
  FrameReader from_client;
  from_client.add(rest);
  auto feed = accept_one(listener, kPatience, options.path.name);
  if (!feed) return feed.error();
  rest.clear();
  if (const auto made = serve_handshake(*feed, rest); !made) return made.error();
  FrameReader from_feed;
  from_feed.add(rest);
  if (const auto made = answer_subscription(*feed, from_feed, options.subject.symbols); !made) return made.error();
  return Wire{std::move(*feed), std::move(from_feed), std::move(*client), std::move(from_client)};
}

struct Played {
  LoopResult loop;
  MarkBook marks;
  MonoTime start;
};

Played play(const Schedule& schedule, FrameBuffer& frames, Wire& wire, Duration patience) {
  const auto start = start_for(schedule.size());
  MarkBook marks{schedule, start.mono, start.wall};
  frames.stamp(schedule, start.wall);
  auto loop = Loop{schedule, frames, marks, wire, {.patience = patience}}.run(start.mono);
  return {std::move(loop), std::move(marks), start.mono};
}

CellResult result_of(Played&& played) {
  CellResult result;
  MonoTime last{};
  for (const auto& mark : played.marks.marks()) {
    if (!mark.answered()) continue;
    result.response.record(mark.received - mark.intended);
    result.service.record(mark.received - mark.sent);
    last = std::max(last, mark.received);
  }
  add_mark_stages(played.marks.marks(), result.stages);
  result.sent = played.loop.sent;
  result.sent_late = played.loop.sent_late;
  result.missing = played.marks.missing();
  result.other_alerts = played.marks.other_alerts();
  result.alert_bytes = played.marks.alert_bytes();
  result.marks = played.marks.marks();
  result.hiccups = std::move(played.loop.hiccups);
  result.start = played.start;
  const auto took = std::chrono::duration<double>(last - played.loop.first_sent).count();
  result.ticks_per_s = took > 0 ? static_cast<double>(result.sent) / took : 0;
  return result;
}

Result<CellResult> measure(const CellOptions& options, Load& load, const Subject& subject, const Listener& listener) {
  auto wire = connect(subject, listener, options);
  if (!wire) return wire.error();
  const auto readers = ReadingClients::connect(subject.alerts_port, options.clients);
  if (!readers) return readers.error();
  const auto warmed = play(load.warm, load.warm_frames, *wire, kWarmPatience);
  if (!warmed.loop.problem.empty()) return Error{warmed.loop.problem};
  MonitorStages before;
  if (options.path.monitor()) {
    if (auto read = read_monitor_stages(subject.alerts_port)) before = std::move(*read);
  }
  const auto ran_before = subject.child.processor_time();
  auto played = play(load.schedule, load.frames, *wire, options.patience);
  if (!played.loop.problem.empty()) return Error{played.loop.problem};
  const auto ran_after = subject.child.processor_time();
  auto result = result_of(std::move(played));
  if (ran_before && ran_after) result.processor_time = *ran_after - *ran_before;
  if (options.path.monitor()) {
    if (const auto after = read_monitor_stages(subject.alerts_port)) add_monitor_stages(before, *after, result.stages);
  }
  return result;
}

}  // namespace

// The warm-up has an even number of probes, so that the schedule behind it begins with a price that fires.
Load make_load(const Workload& workload, Schedule schedule, std::size_t probe_every) {
  constexpr double kRate = 10'000;
  constexpr double kSeconds = 0.3;
  const auto pairs = std::max(1.0, std::floor(kRate * kSeconds / static_cast<double>(2 * probe_every)));
  const double ticks = pairs * static_cast<double>(2 * probe_every);
  const Duration length{std::llround((ticks + 0.5) / kRate * 1e9)};
  Load load{Schedule::constant(kRate, length, probe_every), std::move(schedule), {}, {}};
  FrameMaker maker{workload};
  load.warm_frames = maker.make(load.warm);
  load.frames = maker.make(load.schedule);
  return load;
}

Result<CellResult> run_cell(const CellOptions& options, Load& load) {
  const auto listener = listen_on_loopback();
  if (!listener) return listener.error();
  auto subject = start_subject(options.path, options.subject, listener->port, options.dir);
  if (!subject) return subject.error();
  auto result = measure(options, load, *subject, *listener);
  const bool ended_well = subject->child.stop(kPatience);
  if (!result)
    return Error{options.path.name + ": " + result.error().message + "; it said: " + subject->child.last_words()};
  if (!ended_well) return Error{options.path.name + ": did not end when asked: " + subject->child.last_words()};
  return result;
}

}  // namespace yagura::app::bench
