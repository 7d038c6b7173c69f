package telegramtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Server is the stand-in. It is an http.Handler for what a bot asks; what
// people do is done by [Server.NewPerson] and [Server.NewGroup].
type Server struct {
	opts Options
	spec spec
	bot  User
	// methods are the methods that are simulated.
	methods map[string]doing

	base context.Context // ends with Close
	stop context.CancelFunc
	work sync.WaitGroup

	mu      sync.Mutex // guards all that follows
	changed chan struct{}
	version int // of all that can be seen
	http    *http.Server
	url     string
	revoked bool
	rooms   map[int64]*room
	people  map[int64]*Person
	named   map[string]*Person
	queries map[string]*query
	files   map[string]*file
	profile profile
	serial  int

	updates  queue
	polling  polling
	hook     hook
	limits   limits
	faults   faults
	rude     []string
	calls    []Call
	lastHook time.Time
}

// New makes a server with nobody on it.
func New(opts Options) *Server {
	if opts.Token == "" {
		opts.Token = "123456:TEST"
	}
	if opts.Username == "" {
		opts.Username = "sachhon_bot"
	}
	if opts.Name == "" {
		opts.Name = "Sạch hơn"
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.FirstUpdateID == 0 {
		opts.FirstUpdateID = 100_000_000 + rand.IntN(800_000_000)
	}
	if opts.CallbackWindow == 0 {
		opts.CallbackWindow = callbackWindow
	}
	if opts.WebhookTransport == nil {
		opts.WebhookTransport = &http.Transport{}
	}
	described, err := readSpec(packedSpec)
	if err != nil {
		panic(err) // it is part of the program and was tested
	}
	s := &Server{opts: opts, spec: described, changed: make(chan struct{}), rooms: map[int64]*room{}, people: map[int64]*Person{},
		named: map[string]*Person{}, queries: map[string]*query{}, files: map[string]*file{}, methods: methods()}
	id, _ := strconv.ParseInt(strings.Split(opts.Token, ":")[0], 10, 64)
	s.bot = User{ID: id, IsBot: true, FirstName: opts.Name, Username: opts.Username}
	s.base, s.stop = context.WithCancel(context.Background())
	s.updates = queue{next: opts.FirstUpdateID, allowed: defaultUpdates()}
	s.profile = newProfile()
	return s
}

// Listen begins to serve on a free port of this machine until ctx ends or Close
// is called, and returns the base URL to give to a bot.
func (s *Server) Listen(ctx context.Context) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("listen for the bot: %w", err)
	}
	srv := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return s.base }}
	s.mu.Lock()
	s.http, s.url = srv, "http://"+l.Addr().String()
	s.mu.Unlock()
	s.work.Go(func() { _ = srv.Serve(l) }) // it ends by Close, always with an error
	context.AfterFunc(ctx, s.Close)
	return s.URL(), nil
}

// URL is the base URL that Listen returned; empty before.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.url
}

// Close ends all requests and deliveries and waits for them.
func (s *Server) Close() {
	s.stop()
	s.mu.Lock()
	srv := s.http
	s.mu.Unlock()
	if srv != nil {
		_ = srv.Close() // what is left open is lost on purpose
	}
	s.work.Wait()
}

// Revoke makes the token worthless, as when its owner replaces it.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = true
}

// ServeHTTP answers a bot: /bot<token>/METHOD and /file/bot<token>/PATH.
func (s *Server) ServeHTTP(w http.ResponseWriter, hr *http.Request) {
	path := hr.URL.Path
	rest, isFile := strings.CutPrefix(path, "/file")
	rest, ok := strings.CutPrefix(rest, "/bot")
	token, name, cut := strings.Cut(rest, "/")
	if !ok || !cut {
		if strings.Contains(hr.RequestURI, s.opts.Token) {
			s.lockedViolate("the token stands in the URL of another path")
		}
		writeError(w, asIs(404, "Not Found"))
		return
	}
	if strings.Contains(hr.URL.RawQuery, s.opts.Token) || strings.Contains(name, s.opts.Token) {
		s.lockedViolate("the token stands in another part of the URL")
	}
	if e := s.checkToken(token); e != nil {
		writeError(w, e)
		return
	}
	if isFile {
		s.serveFile(w, name)
		return
	}
	s.serveMethod(w, hr, name)
}

func (s *Server) checkToken(token string) *apiError {
	number, _, colon := strings.Cut(token, ":")
	if _, err := strconv.ParseInt(number, 10, 64); err != nil || !colon || token[0] == '0' || len(token) > 80 {
		return asIs(401, "Unauthorized: invalid token specified")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if token != s.opts.Token || s.revoked {
		return asIs(401, "Unauthorized")
	}
	return nil
}

func (s *Server) serveMethod(w http.ResponseWriter, hr *http.Request, name string) {
	m, known := s.spec[strings.ToLower(name)]
	if !known {
		writeError(w, asIs(404, "Not Found: method not found"))
		s.lockedViolate("unknown method %s", name)
		return
	}
	r, refusal := readRequest(hr)
	if refusal != nil {
		s.record(&request{method: m.name}, nil, refusal)
		writeError(w, refusal)
		return
	}
	r.method = m.name
	ctx, cancel := context.WithCancel(hr.Context())
	defer cancel()
	defer context.AfterFunc(s.base, cancel)()
	f, found := s.fault(ctx, r)
	if found && s.failBefore(ctx, w, r, f) {
		return
	}
	result, refusal := s.call(ctx, m, r)
	s.record(r, result, refusal)
	if found {
		s.failAfter(ctx, f)
	}
	if ctx.Err() != nil {
		panic(http.ErrAbortHandler)
	}
	if refusal != nil {
		writeError(w, refusal)
		return
	}
	writeResult(w, result)
}

// call checks a request and does what it asks.
func (s *Server) call(ctx context.Context, m method, r *request) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.waiting(ctx); e != nil {
		return nil, e
	}
	s.check(m, r)
	do, ok := s.methods[m.name]
	if !ok {
		s.violate("%s is not simulated here", m.name)
		return nil, refused(501, m.name+" is not simulated here")
	}
	result, e := do(s, ctx, r)
	if e != nil && e.rude != "" {
		s.violate("%s", e.rude)
	}
	return result, e
}

// Call is one request of the bot.
type Call struct {
	At     time.Time
	Method string
	Chat   int64 // 0: it names none
	// MessageID is the message that was sent, edited or deleted; 0: none.
	MessageID int64
	Status    int // 200, or the code of the refusal
	// Description says why it was refused.
	Description string
}

// Calls are all requests with a right token so far, in the order in which they
// were answered.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Count counts the requests of a method that were answered with a status; a
// status of 0 counts all.
func (s *Server) Count(method string, status int) int {
	n := 0
	for _, c := range s.Calls() {
		if c.Method == method && (status == 0 || c.Status == status) {
			n++
		}
	}
	return n
}

func (s *Server) record(r *request, result any, e *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := Call{At: s.opts.Now(), Method: r.method, Chat: r.long("chat_id"), MessageID: r.long("message_id"), Status: 200}
	if m, ok := result.(*message); ok {
		c.MessageID = m.ID
	}
	if e != nil {
		c.Status, c.Description = e.code, e.text
	}
	s.calls = append(s.calls, c)
	s.touch()
}

// Violations are the things that a well-behaved bot never does, in the order in
// which it did them.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.rude)
}

// ForgetViolations empties the list, after a test that does wrong on purpose.
func (s *Server) ForgetViolations() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rude = nil
}

// violate holds something against the bot; the caller holds s.mu.
func (s *Server) violate(format string, args ...any) {
	s.rude = append(s.rude, fmt.Sprintf(format, args...))
}

func (s *Server) lockedViolate(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violate(format, args...)
}

// touch tells all that wait that something changed; the caller holds s.mu.
func (s *Server) touch() {
	s.version++
	close(s.changed)
	s.changed = make(chan struct{})
}

// number makes the next of a sequence of identifiers; the caller holds s.mu.
func (s *Server) number() int {
	s.serial++
	return s.serial
}

// WaitFor waits until what is true of the server: a call was made, a message
// came. It returns the error of ctx when that ends first.
func (s *Server) WaitFor(ctx context.Context, what func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if what() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.base.Done():
			return errors.New("wait for the bot: the stand-in for Telegram was closed")
		}
	}
}
