// The load of bench/live/matrix.ts, from a program that takes so little time itself that what it sees is the balancer's:
// GET /home at a constant rate over kept-alive connections, response times from when each request was due.
// Arguments: port, requests a second, connections. A warm-up, then three phases of 3 s; `now` is printed as the second
// has begun, and at the end what each phase came to, as JSON.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

constexpr double kWarmUpMs = 10000, kWarmUpShare = 0.8, kPhaseMs = 3000, kLeadMs = 100;
constexpr double kPatienceMs = 3000;  // what is not answered by then counts as lost
constexpr char kRequest[] = "GET /home HTTP/1.1\r\nHost: localhost\r\n\r\n";

struct Request {
  double due, sent = 0, took = -1;
  std::string error = "timeout";
};

struct Connection {
  int fd = -1;
  bool open = false;
  long request = -1;
  std::string answer;
};

static double now() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

/** Busy and all time of all processors, in ticks. */
static std::pair<double, double> processors() {
  double field[8] = {};
  if (FILE* file = std::fopen("/proc/stat", "r")) {
    for (int read = std::fscanf(file, "cpu"), i = 0; i < 8 && read >= 0; i++) read = std::fscanf(file, "%lf", &field[i]);
    std::fclose(file);
  }
  double all = 0;
  for (double ticks : field) all += ticks;
  return {all - field[3] - field[4], all};
}

class Load {
 public:
  Load(int port, double rate, int connections) : poll_(epoll_create1(0)), connections_(connections) {
    address_.sin_family = AF_INET;
    address_.sin_port = htons(port);
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < connections; i++) connect(i);
    const double begin = now() + 200, measured = begin + kWarmUpMs;
    for (double due = begin; due < measured; due += 1000 / (rate * kWarmUpShare)) requests_.push_back({due});
    first_ = requests_.size();
    for (long i = 0; i < rate * kPhaseMs * 3 / 1000; i++) requests_.push_back({measured + i * 1000 / rate});
    fault_ = measured + kPhaseMs + kLeadMs;
  }

  void run() {
    const double end = requests_.back().due + kPatienceMs;
    for (double time = now(); time < end && done_ < requests_.size(); time = now()) {
      if (!told_ && time >= fault_) told_ = std::puts("now") >= 0 && std::fflush(stdout) == 0;
      for (; next_ < requests_.size() && requests_[next_].due <= time; next_++) waiting_.push_back(next_);
      while (!waiting_.empty() && !idle_.empty()) send();
      expire(time);
      const double until = next_ < requests_.size() ? requests_[next_].due : time + 10;
      wait(std::clamp(until - now(), 0.0, 10.0));
      mark(time);
    }
    while (marks_.size() < 4) marks_.push_back(processors());
  }

  void print() const {
    const size_t each = (requests_.size() - first_) / 3;
    for (int phase = 0; phase < 3; phase++) {
      const auto from = requests_.begin() + first_ + phase * each;
      std::printf("%s", phase == 0 ? "[" : ",");
      print(std::vector<Request>(from, from + each), phase);
    }
    std::puts("]");
  }

 private:
  int poll_;
  sockaddr_in address_{};
  std::vector<Connection> connections_;
  std::vector<Request> requests_;
  std::deque<long> waiting_;
  std::deque<int> idle_;
  std::deque<std::pair<double, int>> deadlines_;
  std::vector<std::pair<double, double>> marks_;
  size_t first_ = 0, next_ = 0, done_ = 0;
  double fault_ = 0;
  bool told_ = false;

  void connect(int i) {
    Connection& connection = connections_[i];
    connection = Connection();
    connection.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const int one = 1;
    setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    ::connect(connection.fd, reinterpret_cast<sockaddr*>(&address_), sizeof address_);
    epoll_event event{EPOLLIN | EPOLLOUT | EPOLLET, {}};
    event.data.u32 = i;
    epoll_ctl(poll_, EPOLL_CTL_ADD, connection.fd, &event);
  }

  void send() {
    Connection& connection = connections_[idle_.front()];
    connection.request = waiting_.front();
    Request& request = requests_[connection.request];
    request.sent = now();
    deadlines_.push_back({request.due + kPatienceMs, idle_.front()});
    waiting_.pop_front();
    idle_.pop_front();
    if (write(connection.fd, kRequest, sizeof kRequest - 1) < 0) fail(&connection - connections_.data(), "reset");
  }

  void expire(double time) {
    for (; !deadlines_.empty() && deadlines_.front().first <= time; deadlines_.pop_front()) {
      const auto [deadline, i] = deadlines_.front();
      const long request = connections_[i].request;
      if (request >= 0 && requests_[request].due + kPatienceMs <= deadline) fail(i, "timeout");
    }
  }

  void fail(int i, const char* error) {
    Connection& connection = connections_[i];
    if (connection.request >= 0) {
      requests_[connection.request].error = error;
      done_++;
    }
    close(connection.fd);
    idle_.erase(std::remove(idle_.begin(), idle_.end(), i), idle_.end());
    connect(i);
  }

  void wait(double ms) {
    epoll_event events[256];
    const timespec time{0, static_cast<long>(ms * 1e6)};
    const int count = epoll_pwait2(poll_, events, 256, &time, nullptr);
    for (int at = 0; at < count; at++) {
      const int i = events[at].data.u32;
      Connection& connection = connections_[i];
      if (events[at].events & EPOLLERR) {
        fail(i, "reset");
      } else {
        if (!connection.open && (events[at].events & EPOLLOUT)) {
          connection.open = true;
          idle_.push_back(i);
        }
        if (events[at].events & (EPOLLIN | EPOLLHUP)) read(i);
      }
    }
  }

  void read(int i) {
    Connection& connection = connections_[i];
    char chunk[65536];
    ssize_t length;
    while ((length = ::read(connection.fd, chunk, sizeof chunk)) > 0) connection.answer.append(chunk, length);
    const bool ended = length == 0 || errno != EAGAIN;
    const bool whole = connection.request >= 0 && take(connection);
    if (ended) fail(i, "cut short");
    else if (whole) idle_.push_back(i);
  }

  /** True once the answer is there with all its bytes; without Content-Length it has none. */
  bool take(Connection& connection) {
    const size_t head = connection.answer.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    const char* length = strcasestr(connection.answer.c_str(), "\ncontent-length:");
    if (connection.answer.size() < head + 4 + (length ? std::atol(length + 16) : 0)) return false;
    Request& request = requests_[connection.request];
    request.took = now() - request.due;
    const int status = std::atoi(connection.answer.c_str() + 9);
    request.error = status == 200 ? "" : "status " + std::to_string(status);
    connection.request = -1;
    connection.answer.clear();
    done_++;
    return true;
  }

  /** The processors' times at the beginning of each phase, and at the end. */
  void mark(double time) {
    const double measured = fault_ - kLeadMs - kPhaseMs;
    if (marks_.size() < 4 && time >= measured + kPhaseMs * marks_.size()) marks_.push_back(processors());
  }

  static double quantile(std::vector<double>& times, double share) {
    std::sort(times.begin(), times.end());
    return times.empty() ? -1 : times[std::min(times.size() - 1, static_cast<size_t>(share * times.size()))];
  }

  void print(const std::vector<Request>& phase, int index) const {
    std::vector<double> took, late;
    std::map<std::string, int> errors;
    for (const Request& request : phase) {
      late.push_back(request.sent > 0 ? request.sent - request.due : kPatienceMs);
      if (request.error.empty()) took.push_back(request.took);
      else errors[request.error]++;
    }
    const double busy = marks_[index + 1].first - marks_[index].first, all = marks_[index + 1].second - marks_[index].second;
    std::printf("{\"sent\":%zu,\"failed\":%zu,\"errors\":{", phase.size(), phase.size() - took.size());
    const char* comma = "";
    for (const auto& [error, count] : errors) std::printf("%s\"%s\":%d", std::exchange(comma, ","), error.c_str(), count);
    std::printf("},\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f,\"lateP99\":%.3f,\"machineBusy\":%.3f}",
                quantile(took, 0.5), quantile(took, 0.99), quantile(took, 1), quantile(late, 0.99), all > 0 ? busy / all : 0);
  }
};

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  Load load(std::atoi(argv[1]), std::atof(argv[2]), std::atoi(argv[3]));
  load.run();
  load.print();
}
