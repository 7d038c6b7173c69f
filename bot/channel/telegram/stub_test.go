package telegram_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sachhon/bot/channel"
	"sachhon/bot/channel/telegram"
	"sachhon/dialogs"
)

const token = "123456:AAsecretSECRETsecretSECRETsecret-_x"

// call is one request that reached the stub.
type call struct {
	method string
	params map[string]string
	files  map[string]file // by field
	at     time.Time
}

type file struct {
	name string
	body string
}

// reply is what the stub answers. The zero reply is {"ok":true,"result":true}.
type reply struct {
	status int
	body   string
	header http.Header
	err    error         // instead of an answer
	hang   bool          // no answer until the request is called off
	after  time.Duration // before the answer
}

// refuse is Telegram's refusal.
func refuse(code int, text string) reply {
	raw, _ := json.Marshal(map[string]any{"ok": false, "error_code": code, "description": text}) // plain values
	return reply{status: code, body: string(raw)}
}

// slow is Telegram's request to wait.
func slow(seconds int) reply {
	return reply{status: 429, body: fmt.Sprintf(`{"ok":false,"error_code":429,"description":"Too Many Requests: retry after %d","parameters":{"retry_after":%d}}`, seconds, seconds)}
}

func result(raw string) reply { return reply{body: `{"ok":true,"result":` + raw + `}`} }

// stub answers single requests exactly as a test wants, within the process, so
// that it works in a bubble of synctest.
type stub struct {
	mu     sync.Mutex
	calls  []call
	answer map[string]func(c call, nth int) reply // by method; nth counts from 1
	count  map[string]int
	batch  chan string // what getUpdates brings next, one update or more
}

func newStub() *stub {
	return &stub{answer: map[string]func(call, int) reply{}, count: map[string]int{}, batch: make(chan string, 100)}
}

// on sets what the nth request of a method gets; the last one stands for all
// later ones.
func (s *stub) on(method string, replies ...reply) {
	s.onCall(method, func(_ call, nth int) reply { return replies[min(nth, len(replies))-1] })
}

func (s *stub) onCall(method string, f func(c call, nth int) reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer[method], s.count[method] = f, 0
}

func (s *stub) RoundTrip(req *http.Request) (*http.Response, error) {
	c, err := readCall(req)
	if err != nil {
		return nil, err
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.calls = append(s.calls, c)
	s.count[c.method]++
	f, nth := s.answer[c.method], s.count[c.method]
	s.mu.Unlock()
	if f == nil {
		return s.usual(req.Context(), c).play(req)
	}
	return f(c, nth).play(req)
}

// usual is what Telegram answers when nothing is wrong.
func (s *stub) usual(ctx context.Context, c call) reply {
	switch c.method {
	case "getMe":
		return result(`{"id":123456,"is_bot":true,"first_name":"SXSH","username":"sachhon_bot"}`)
	case "getWebhookInfo":
		return result(`{"url":"","has_custom_certificate":false,"pending_update_count":0}`)
	case "getMyCommands":
		return result(`[]`)
	case "sendMessage", "editMessageText":
		return result(`{"message_id":77,"date":1790000000,"chat":{"id":1001,"type":"private"}}`)
	case "sendPhoto":
		return result(`{"message_id":78,"photo":[{"file_id":"small","width":9,"height":9},{"file_id":"PHOTO","width":90,"height":90}]}`)
	case "sendDocument":
		return result(`{"message_id":79,"document":{"file_id":"DOC"}}`)
	case "getMyDescription", "getMyShortDescription":
		return result(`{}`)
	case "getUpdates":
		if c.params["timeout"] == "0" {
			return result(`[]`)
		}
		select {
		case b := <-s.batch:
			return result("[" + b + "]")
		case <-time.After(50 * time.Second):
			return result(`[]`)
		case <-ctx.Done():
			return reply{err: ctx.Err()}
		}
	default:
		return reply{}
	}
}

func (r reply) play(req *http.Request) (*http.Response, error) {
	if r.hang {
		<-req.Context().Done()
		return nil, req.Context().Err()
	}
	if r.after > 0 {
		time.Sleep(r.after)
	}
	if r.err != nil {
		return nil, r.err
	}
	if r.status == 0 {
		r.status = 200
	}
	if r.body == "" {
		r.body = `{"ok":true,"result":true}`
	}
	if r.header == nil {
		r.header = http.Header{}
	}
	return &http.Response{StatusCode: r.status, Header: r.header, Body: io.NopCloser(strings.NewReader(r.body)), Request: req}, nil
}

func readCall(req *http.Request) (call, error) {
	c := call{method: req.URL.Path[strings.LastIndex(req.URL.Path, "/")+1:], params: map[string]string{}, files: map[string]file{}, at: time.Now()}
	if req.Body == nil {
		return c, nil
	}
	defer req.Body.Close()
	raw, err := io.ReadAll(req.Body)
	if err != nil {
		return c, err
	}
	kind, args, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		form, err := url.ParseQuery(string(raw))
		for k := range form {
			c.params[k] = form.Get(k)
		}
		return c, err
	}
	form, err := multipart.NewReader(bytes.NewReader(raw), args["boundary"]).ReadForm(1 << 20)
	if err != nil {
		return c, err
	}
	for k, v := range form.Value {
		c.params[k] = v[0]
	}
	for k, v := range form.File {
		f, err := v[0].Open()
		if err != nil {
			return c, err
		}
		body, err := io.ReadAll(f)
		if err != nil {
			return c, err
		}
		c.files[k] = file{v[0].Filename, string(body)}
	}
	return c, nil
}

// made returns the requests of these methods so far; all without methods.
func (s *stub) made(methods ...string) []call {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(methods) == 0 {
		return slices.Clone(s.calls)
	}
	var out []call
	for _, c := range s.calls {
		if slices.Contains(methods, c.method) {
			out = append(out, c)
		}
	}
	return out
}

// names are the methods asked for so far that do not belong to setting up.
func (s *stub) names() []string {
	var out []string
	for _, c := range s.made() {
		if !strings.HasPrefix(c.method, "get") {
			out = append(out, c.method)
		}
	}
	return out
}

// bench is a channel with all it works with.
type bench struct {
	*telegram.Telegram
	stub  *stub
	files shelf
	notes *notebook
	logs  *logbook
}

func newBench(change ...func(*telegram.Options)) *bench {
	b := &bench{stub: newStub(), files: shelf{}, notes: &notebook{m: map[string]string{}}, logs: &logbook{}}
	o := telegram.Options{
		Token: token, Transport: b.stub, Files: b.files, Notes: b.notes,
		Log: slog.New(slog.NewTextHandler(b.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, f := range change {
		f(&o)
	}
	b.Telegram = telegram.New(o)
	return b
}

// clean complains about the token in what was logged or noted.
func (b *bench) clean(t *testing.T) {
	t.Helper()
	secret := token[strings.Index(token, ":")+1:]
	if strings.Contains(b.logs.String(), secret) {
		t.Errorf("the log holds the token: %s", b.logs.String())
	}
	for k, v := range b.notes.all() {
		if strings.Contains(k+v, secret) {
			t.Errorf("the note %s holds the token", k)
		}
	}
}

// send sends a message to 1001.
func (b *bench) send(m dialogs.Message) (channel.Receipt, error) {
	return b.sendAs(channel.Outgoing{ID: "1", Message: m})
}

func (b *bench) sendAs(out channel.Outgoing) (channel.Receipt, error) {
	if out.Address == (channel.Address{}) {
		out.Address = channel.Address{Channel: "telegram", ID: "1001"}
	}
	return b.Send(context.Background(), out)
}

// shelf is files by their ref; those that begin with "shared" go to many.
type shelf map[string]string

func (s shelf) Open(_ context.Context, ref string) (io.ReadCloser, bool, error) {
	body, ok := s[ref]
	if !ok {
		return nil, false, fs.ErrNotExist
	}
	return io.NopCloser(strings.NewReader(body)), strings.HasPrefix(ref, "shared"), nil
}

// notebook is a memory that can fail.
type notebook struct {
	mu  sync.Mutex
	m   map[string]string
	err error
	put int // how often something was written
}

func (n *notebook) Note(_ context.Context, key string) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.m[key], n.err
}

func (n *notebook) PutNote(_ context.Context, key, value string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.err != nil {
		return n.err
	}
	n.put++
	if value == "" {
		delete(n.m, key)
	} else {
		n.m[key] = value
	}
	return nil
}

func (n *notebook) fail(err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.err = err
}

func (n *notebook) all() map[string]string {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := map[string]string{}
	for k, v := range n.m {
		out[k] = v
	}
	return out
}

type logbook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// times is how often a line was logged.
func (l *logbook) times(part string) int { return strings.Count(l.String(), part) }

// inbox is the receiver.
type inbox struct {
	mu    sync.Mutex
	calls [][]channel.Incoming
	// take is asked before anything is kept; nil: all is.
	take func(ctx context.Context, nth int) error
	nth  int
}

func (i *inbox) Receive(ctx context.Context, in ...channel.Incoming) error {
	i.mu.Lock()
	i.nth++
	take, nth := i.take, i.nth
	i.mu.Unlock()
	if take != nil {
		if err := take(ctx, nth); err != nil {
			return err
		}
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.calls = append(i.calls, slices.Clone(in))
	return nil
}

// all is everything that was kept.
func (i *inbox) all() []channel.Incoming {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Concat(i.calls...)
}

// says is an update of 1001 that types something.
func says(id int, text string) string {
	raw, _ := json.Marshal(text) // a string
	return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"date":1790000000,"from":{"id":1001,"is_bot":false,"first_name":"An","language_code":"vi"},"chat":{"id":1001,"type":"private"},"text":%s}}`, id, id, raw)
}

// sends is an update of 1001 with a message of these fields.
func sends(id int, fields string) string {
	return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"date":1790000000,"from":{"id":1001,"is_bot":false,"first_name":"An","language_code":"vi"},"chat":{"id":1001,"type":"private"},%s}}`, id, id, fields)
}

// presses is an update of 1001 that presses the button with these data, below
// message 77.
func presses(id int, query, data string) string {
	raw, _ := json.Marshal(data) // a string
	return fmt.Sprintf(`{"update_id":%d,"callback_query":{"id":%q,"from":{"id":1001,"is_bot":false,"first_name":"An"},"chat_instance":"1","data":%s,"message":{"message_id":77,"date":1790000000,"chat":{"id":1001,"type":"private"},"text":"x","reply_markup":{"inline_keyboard":[[{"text":"✓ Đăng ký","callback_data":%s}]]}}}}`, id, query, raw, raw)
}

// in is a group.
func inGroup(id int, fields string) string {
	return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"date":1790000000,"from":{"id":1001,"is_bot":false,"first_name":"An","language_code":"vi"},"chat":{"id":-500,"type":"group","title":"Hội gỗ"},%s}}`, id, id, fields)
}

// polling polls until stop is called, which returns what Poll returned.
func (b *bench) polling(to channel.Receiver) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Poll(ctx, to) }()
	return func() error {
		cancel()
		return <-done
	}
}
