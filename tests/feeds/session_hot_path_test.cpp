#include "tests/feeds/session_fixture.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::feeds {
namespace {

class CountingSink final : public TickSink {
 public:
  void on_tick(const Tick&) noexcept override { ++ticks; }
  void on_batch_end() noexcept override {}
  int ticks = 0;
};

TEST_F(SessionSpec, AllocatesNothingFromFrameToTick) {
  ScriptedWsServer server{io};
  serve(server);
  CountingSink counting;
  FeedSession fed{options(server.url()), find_vendor("native")->make_codec(), {io, *client, clock, sources, counting}};
  fed.start();
  ASSERT_TRUE(until([&] { return counting.ticks == 1; }));
  const auto one = yen("157.120", "157.123");
  const auto other = nikkei("57001.23");
  fed.on_frame({one, false}, clock.mono());
  const auto before = test::allocations();
  for (int i = 0; i < 1'000; ++i) {
    fed.on_frame({one, false}, clock.mono());
    fed.on_frame({other, false}, clock.mono());
  }
  EXPECT_EQ(test::allocations() - before, 0U);
  EXPECT_EQ(counting.ticks, 2'002);
}

// The same with the library in between: reading and framing reuse their buffers.
TEST_F(SessionSpec, AllocatesNothingFromSocketToTick) {
  ScriptedWsServer server{io};
  serve(server);
  CountingSink counting;
  FeedSession fed{options(server.url()), find_vendor("native")->make_codec(), {io, *client, clock, sources, counting}};
  fed.start();
  ASSERT_TRUE(until([&] { return counting.ticks == 1; }));
  std::string bytes;
  for (int i = 0; i < 100; ++i) bytes += test::text_frame(yen("157.120", "157.123"));
  const auto send_and_read = [&] {
    const int target = counting.ticks + 100;
    server.peers[0]->send_raw(bytes);
    while (counting.ticks < target) io.run_one();
  };
  send_and_read();
  const auto before = test::allocations();
  send_and_read();
  EXPECT_LT(test::allocations() - before, 20U);  // Asio's own, per read and not per frame
}

}  // namespace
}  // namespace yagura::feeds
