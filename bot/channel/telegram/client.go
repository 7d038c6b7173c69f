package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// How long a request may take. A long poll takes its own time and pollMargin.
const (
	callTimeout   = 30 * time.Second
	uploadTimeout = 2 * time.Minute // a 50 MB file over a slow line; the outbox ends it earlier
	pollMargin    = 10 * time.Second
)

// maxAnswer is the most that is read of an answer. Telegram ends a batch of
// updates at about 4 MiB.
const maxAnswer = 8 << 20

// client makes requests to the Bot API.
type client struct {
	api   tgbotapi.BotAPI // copied for every call, with a Client of its own
	base  string          // of the API, without a slash at the end
	token string          // as a segment of a path
	http  *http.Client
	gate  gate
}

func newClient(token string, api *url.URL, transport http.RoundTripper) *client {
	base := "https://api.telegram.org"
	if api != nil {
		base = strings.TrimRight(api.String(), "/")
	}
	if transport == nil {
		transport = pooled(lineQuiet, lineDead)
	}
	c := &client{base: base, token: url.PathEscape(token), http: &http.Client{Transport: transport, CheckRedirect: stay}}
	c.api.Token = c.token
	c.api.SetAPIEndpoint(strings.ReplaceAll(base, "%", "%%") + "/bot%s/%s")
	return c
}

// A line that is quiet for lineQuiet is asked whether it is alive, and given up
// when it does not say so within lineDead. Without that, requests over HTTP/2 go
// on using a line that died without a word until TCP gives it up: a quarter of
// an hour in which the bot hears nothing.
const (
	lineQuiet = 15 * time.Second
	lineDead  = 10 * time.Second
)

// pooled is a transport that keeps the connections of a broadcast: eight
// sendings, eight answers and a poll at once.
func pooled(quiet, dead time.Duration) http.RoundTripper {
	def, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t := def.Clone()
	t.MaxIdleConnsPerHost = 20
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: quiet, PingTimeout: dead}
	return t
}

// stay follows no redirect: the address it came from holds the token.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// call makes a request unless the gate is shut.
func (c *client) call(ctx context.Context, method string, params tgbotapi.Params) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return c.ask(ctx, method, params, nil)
}

// patient makes a request as soon as the gate is open, again and again while
// Telegram asks to wait.
func (c *client) patient(ctx context.Context, method string, params tgbotapi.Params) (json.RawMessage, error) {
	for {
		if err := c.gate.wait(ctx); err != nil {
			return nil, &wireError{method: method, err: err}
		}
		out, err := c.call(ctx, method, params)
		if meaningOf(err) != wait {
			return out, err
		}
	}
}

// ask makes one request; with files it is an upload. Its errors are an
// [*apiError], a [*wireError] or a [*shutError].
func (c *client) ask(ctx context.Context, method string, params tgbotapi.Params, files []tgbotapi.RequestFile) (json.RawMessage, error) {
	if left := c.gate.left(); left > 0 {
		return nil, &shutError{left: left}
	}
	if err := ctx.Err(); err != nil {
		return nil, &wireError{method: method, err: err}
	}
	bot := c.api
	bot.Client = &line{client: c, ctx: ctx, method: method}
	var resp *tgbotapi.APIResponse
	var err error
	if files == nil {
		resp, err = bot.MakeRequest(method, params)
	} else {
		resp, err = bot.UploadFiles(method, params, files)
	}
	if err == nil {
		return resp.Result, nil
	}
	var api *apiError
	var wire *wireError
	switch {
	case errors.As(err, &api):
		if api.code == http.StatusTooManyRequests {
			c.gate.shut(api.after)
		}
		return nil, api
	case errors.As(err, &wire):
		return nil, wire
	default: // the library could not make the request
		return nil, &wireError{method: method, err: c.bare(err)}
	}
}

// bare drops from an error the address of the request, which holds the token,
// and the token itself wherever else a transport put it.
func (c *client) bare(err error) error {
	var ue *url.Error
	for errors.As(err, &ue) {
		err = ue.Err
	}
	if c.token != "" && strings.Contains(err.Error(), c.token) {
		return errors.New(c.hide(err.Error()))
	}
	return err
}

// hide blots the token out of a text.
func (c *client) hide(text string) string {
	if c.token == "" {
		return text
	}
	return strings.ReplaceAll(text, c.token, "█")
}

// line carries one request of the library: with a context, and with errors
// that say what happened and hold no address.
type line struct {
	*client
	ctx    context.Context
	method string
}

// Do implements [tgbotapi.HTTPClient]. It reads the whole answer, so that the
// connection is free again, and returns what Telegram refused as an
// [*apiError]: the library loses the code of a refused upload.
func (l *line) Do(req *http.Request) (*http.Response, error) {
	var asked, got atomic.Bool
	ctx := httptrace.WithClientTrace(l.ctx, &httptrace.ClientTrace{
		GetConn: func(string) { asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { got.Store(true) },
	})
	resp, err := l.http.Do(req.WithContext(ctx))
	if err != nil {
		unsent := asked.Load() && !got.Load() || isDial(err)
		return nil, &wireError{method: l.method, sent: !unsent, err: l.bare(err)}
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, &wireError{method: l.method, sent: true, status: resp.StatusCode, err: l.bare(err)}
	}
	if err := l.refusal(resp, raw); err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(raw))
	return resp, nil
}

// refusal returns why an answer is none to go on with; nil: it is.
func (l *line) refusal(resp *http.Response, raw []byte) error {
	var a struct {
		OK     *bool  `json:"ok"`
		Code   int    `json:"error_code"`
		Text   string `json:"description"`
		Params struct {
			After int   `json:"retry_after"`
			Moved int64 `json:"migrate_to_chat_id"`
		} `json:"parameters"`
	}
	status := resp.StatusCode
	known := json.Unmarshal(raw, &a) == nil && a.OK != nil
	after := time.Duration(a.Params.After) * time.Second
	if n, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && after == 0 {
		after = time.Duration(n) * time.Second
	}
	switch {
	case known && *a.OK:
		return nil
	case !known && status != http.StatusTooManyRequests:
		// Something on the way answered. A refusal it made itself reached nobody.
		return &wireError{method: l.method, sent: status < 300 || status >= 500, status: status, err: errNotTelegram}
	}
	if a.Code == 0 {
		a.Code = status
	}
	if a.Code == http.StatusTooManyRequests {
		after = max(after, time.Second)
	}
	return &apiError{method: l.method, code: a.Code, text: l.hide(a.Text), after: after, moved: a.Params.Moved}
}
