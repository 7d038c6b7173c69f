package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

// SocketName is the control socket's file within the data folder.
const SocketName = "sachhon.sock"

// server holds the listeners: the public one, and the control socket in the
// data folder, which only its owner may open.
type server struct {
	b       *Bot
	public  *http.Server
	ln      net.Listener
	routes  atomic.Pointer[http.ServeMux] // nil until everything is up
	control http.Handler
	sock    *http.Server
	metrics *http.Server
	folder  *os.File // of the socket, while its path is too long for the kernel
	cancel  context.CancelFunc
}

func newServer(b *Bot) *server {
	s := &server{b: b}
	s.control = controlRoutes(b)
	return s
}

// listen opens the public listener. It answers /healthz at once; everything
// else is told to come again until the other parts are up.
func (s *server) listen(context.Context) error {
	ln, err := net.Listen("tcp", s.b.cfg.Listen)
	if err != nil {
		return listenError(s.b.cfg.Listen, err)
	}
	s.ln = ln
	base, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.public = &http.Server{
		Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 32 << 10, BaseContext: func(net.Listener) context.Context { return base },
		ErrorLog: slog.NewLogLogger(s.b.log.Handler(), slog.LevelDebug),
	}
	go s.public.Serve(ln) //nolint:errcheck // ends when closed
	return nil
}

// listenMetrics opens the listener of metrics and profiles. That its usual
// port is taken, often by Prometheus itself, is no reason not to serve people.
func (s *server) listenMetrics(context.Context) error {
	address := s.b.cfg.MetricsListen
	if address == "" {
		return nil
	}
	ln, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		s.b.log.Warn("metrics are off: something else listens there; set SACHHON_METRICS_LISTEN to another HOST:PORT", "address", address)
		return nil
	}
	if err != nil {
		return fmt.Errorf("listen for metrics on %s: %w; set SACHHON_METRICS_LISTEN to another HOST:PORT", address, err)
	}
	s.metrics = &http.Server{Handler: s.b.metrics.Handler(), ReadHeaderTimeout: 5 * time.Second}
	go s.metrics.Serve(ln) //nolint:errcheck // ends when closed
	return nil
}

func (s *server) closeMetrics(context.Context) error {
	if s.metrics == nil {
		return nil
	}
	return s.metrics.Close()
}

func listenError(address string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("listen on %s: something else listens there already; stop it or set SACHHON_LISTEN to another HOST:PORT", address)
	}
	return fmt.Errorf("listen on %s: %w", address, err)
}

func (s *server) addr() string {
	if s.ln == nil {
		return s.b.cfg.Listen
	}
	return s.ln.Addr().String()
}

// serve answers the health checks itself and hands the rest to the routes.
func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/healthz":
		fmt.Fprintln(w, "ok")
		return
	case "/readyz":
		if s.b.ready.Load() {
			fmt.Fprintln(w, "ready")
			return
		}
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	if mux := s.mux(); mux != nil {
		mux.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Retry-After", "1")
	http.Error(w, "starting", http.StatusServiceUnavailable)
}

// mux returns the routes once everything is up; they are made when the first
// request needs them, which keeps them out of the time to start.
func (s *server) mux() *http.ServeMux {
	if m := s.routes.Load(); m != nil || !s.b.ready.Load() {
		return m
	}
	m := http.NewServeMux()
	s.b.web.Routes(m)
	s.b.hooks(m)
	s.b.api(m)
	s.routes.CompareAndSwap(nil, m)
	return s.routes.Load()
}

// close ends open streams, waits for requests under way and closes the listener.
func (s *server) close(ctx context.Context) error {
	s.cancel()
	if err := s.public.Shutdown(ctx); err != nil {
		return s.public.Close()
	}
	return nil
}

// listenControl opens the control socket. A socket left by a crash is removed:
// the store's lock, held by now, proves that its program is gone.
func (s *server) listenControl(context.Context) error {
	path, err := s.socketPath()
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("open control socket: %w", err)
	}
	ln, err := net.Listen("unix", path)
	if err != nil {
		return fmt.Errorf("open control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return fmt.Errorf("open control socket: %w", errors.Join(err, ln.Close()))
	}
	base, cancel := context.WithCancel(context.Background())
	s.sock = &http.Server{Handler: s.control, ReadHeaderTimeout: 5 * time.Second,
		BaseContext: func(net.Listener) context.Context { return base }}
	s.sock.RegisterOnShutdown(cancel)
	go s.sock.Serve(ln) //nolint:errcheck // ends when closed
	return nil
}

func (s *server) closeControl(ctx context.Context) error {
	err := s.sock.Shutdown(ctx)
	if err != nil {
		err = s.sock.Close()
	}
	if s.folder != nil {
		err = errors.Join(err, s.folder.Close())
	}
	return err
}

// maxSocketPath is how long a socket's path may be (sun_path in unix(7), less
// its ending zero).
const maxSocketPath = 107

// socketPath is the socket's path, by way of the open folder when the plain
// one is too long.
func (s *server) socketPath() (string, error) {
	path, folder, err := SocketPath(s.b.cfg.Data)
	s.folder = folder
	return path, err
}

// SocketPath returns a path by which the control socket of a data folder can be
// opened, and the open folder that it goes through, if any, for the caller to
// close afterwards.
func SocketPath(data string) (string, *os.File, error) {
	path := filepath.Join(data, SocketName)
	if len(path) <= maxSocketPath {
		return path, nil, nil
	}
	folder, err := os.Open(data)
	if err != nil {
		return "", nil, fmt.Errorf("open control socket: %w", err)
	}
	return filepath.Join("/proc/self/fd", strconv.Itoa(int(folder.Fd())), SocketName), folder, nil
}
