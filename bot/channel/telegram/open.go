package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// refFile begins the [dialogs.Media.Ref] of a file that a person sent; the rest
// is Telegram's id of it.
const refFile = Name + ":"

// openTimeout is how long fetching a file may take, reading it included.
const openTimeout = 2 * time.Minute

// Open returns the bytes of a file that a person sent, by the Ref of its
// [dialogs.Media], at most 20 MB. The error is fs.ErrNotExist when Telegram has
// it no more. The caller closes it.
func (t *Telegram) Open(ctx context.Context, ref string) (io.ReadCloser, error) {
	id, ok := strings.CutPrefix(ref, refFile)
	if !ok || id == "" {
		return nil, fmt.Errorf("open file of Telegram: not a reference to one: %w", fs.ErrNotExist)
	}
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	body, err := t.open(ctx, id)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("open file of Telegram: %w", err)
	}
	return &fetched{Reader: io.LimitReader(body, maxIncoming), body: body, cancel: cancel}, nil
}

func (t *Telegram) open(ctx context.Context, id string) (io.ReadCloser, error) {
	var file struct {
		Path string `json:"file_path"`
	}
	err := t.get(ctx, "getFile", tgbotapi.Params{"file_id": id}, &file)
	var api *apiError
	if errors.As(err, &api) && api.code == http.StatusBadRequest || err == nil && file.Path == "" {
		return nil, errors.Join(fs.ErrNotExist, err)
	}
	if err != nil {
		return nil, err
	}
	return t.client.download(ctx, file.Path)
}

// download fetches a file. Its address is made here: the library's is always
// that of Telegram's own server.
func (c *client) download(ctx context.Context, path string) (io.ReadCloser, error) {
	if err := c.gate.wait(ctx); err != nil {
		return nil, err
	}
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/file/bot"+c.token+"/"+strings.Join(segments, "/"), nil)
	if err != nil {
		return nil, c.bare(err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, &wireError{method: "download", err: c.bare(err)}
	}
	switch resp.StatusCode {
	case http.StatusOK:
		return resp.Body, nil
	case http.StatusNotFound:
		err = fs.ErrNotExist
	default:
		err = errNotTelegram
	}
	_ = resp.Body.Close() // nothing of it is wanted
	return nil, &wireError{method: "download", status: resp.StatusCode, err: err}
}

// fetched is a file being read.
type fetched struct {
	io.Reader
	body   io.Closer
	cancel context.CancelFunc
}

// Close ends the request.
func (f *fetched) Close() error {
	defer f.cancel()
	return f.body.Close()
}
