#include "console/terminal/request_queue.hpp"

#include <gmock/gmock.h>

namespace yagura::console::terminal {
namespace {

using testing::ElementsAre;

class RequestQueueSpec : public testing::Test {
 protected:
  bool change(std::string path) { return queue.change({"POST", std::move(path), "{}", "acknowledge"}); }
  std::vector<std::string> rest() {
    std::vector<std::string> asked;
    while (!queue.empty()) {
      const auto request = queue.take();
      asked.push_back(request.method + ' ' + request.path);
    }
    return asked;
  }
  RequestQueue queue;
};

TEST_F(RequestQueueSpec, HowManyFetchesEverWaitAChangeGoesFirst) {
  const std::vector<std::string> many(40, "/candles");
  queue.fetch(many);
  EXPECT_TRUE(change("/ack"));
  const auto asked = rest();
  ASSERT_EQ(asked.size(), 41U) << "and no fetch is left out";
  EXPECT_EQ(asked.front(), "POST /ack");
  EXPECT_EQ(asked.back(), "GET /candles");
}

TEST_F(RequestQueueSpec, FetchesOfAnEarlierLinkAreReplaced) {
  queue.fetch({"/1", "/2"});
  EXPECT_TRUE(change("/ack"));
  queue.fetch({"/3"});
  EXPECT_THAT(rest(), ElementsAre("POST /ack", "GET /3"));
}

TEST_F(RequestQueueSpec, RefusesTooManyChanges) {
  for (std::size_t i = 0; i < RequestQueue::kMostChanges; ++i) EXPECT_TRUE(change("/ack"));
  EXPECT_FALSE(change("/ack"));
}

}  // namespace
}  // namespace yagura::console::terminal
