// Package metrics counts what the program does and shows it to Prometheus.
//
// Package bot makes one [Metrics] and calls it from the committer; the handler
// is served on a listener of its own, never the public one, together with
// net/http/pprof. Nothing here names a person, an address or a text. All
// methods are safe for concurrent use; the numbers start anew with the program.
package metrics

import (
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the numbers of one program.
type Metrics struct {
	registry *prometheus.Registry
	turns    prometheus.Counter
	failed   prometheus.Counter
	batch    prometheus.Histogram
	commit   prometheus.Histogram
	messages *prometheus.CounterVec
	send     *prometheus.HistogramVec
}

// New returns Metrics with everything at zero.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		turns:    prometheus.NewCounter(prometheus.CounterOpts{Name: "sachhon_turns_total", Help: "Turns of conversations committed."}),
		failed:   prometheus.NewCounter(prometheus.CounterOpts{Name: "sachhon_turns_failed_total", Help: "Turns undone and answered with an apology."}),
		batch: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "sachhon_batch_requests", Help: "Requests committed together.",
			Buckets: prometheus.ExponentialBuckets(1, 4, 6)}),
		commit: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "sachhon_commit_seconds", Help: "Time from the first request of a batch to its commit.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 4, 8)}),
		messages: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "sachhon_messages_total", Help: "Sendings to a network that were answered or failed."},
			[]string{"network", "lane", "result"}),
		send: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "sachhon_send_seconds", Help: "Time that a sending took.",
			Buckets: prometheus.ExponentialBuckets(0.01, 3, 8)}, []string{"network"}),
	}
	m.registry.MustRegister(m.turns, m.failed, m.batch, m.commit, m.messages, m.send,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Committed counts one batch: its requests, the turns in it, those that failed
// and how long it took.
func (m *Metrics) Committed(requests, turns, failed int, took time.Duration) {
	m.turns.Add(float64(turns))
	m.failed.Add(float64(failed))
	m.batch.Observe(float64(requests))
	m.commit.Observe(took.Seconds())
}

// Sent counts one sending to a network: the lane of its message, what came of it
// in a word, such as "taken" or "limited", and how long it took.
func (m *Metrics) Sent(network, lane, result string, took time.Duration) {
	m.messages.WithLabelValues(network, lane, result).Inc()
	m.send.WithLabelValues(network).Observe(took.Seconds())
}

// Handler serves /metrics and /debug/pprof.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}
