package webchat

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"strconv"
	"time"

	"sachhon/dialogs"
)

// shown are the kinds of files a browser shows; everything else is downloaded.
var shown = map[string]bool{
	"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "image/svg+xml": true,
}

// getMedia serves a file of the visitor's own conversation.
func (w *Web) getMedia(rw http.ResponseWriter, r *http.Request) {
	lang := askedLang("")
	seq, err := strconv.ParseUint(r.PathValue("seq"), 10, 64)
	index, err2 := strconv.Atoi(r.PathValue("index"))
	v := visitorOf(r)
	if errors.Join(err, err2) != nil || index < 0 || seq == 0 || !v.known() {
		plain(rw, http.StatusNotFound, wordsIn(lang).NoMedia)
		return
	}
	m, body, err := w.bot.Open(r.Context(), v.address(), seq, index)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			w.log.Warn("open media", "err", err)
		}
		plain(rw, http.StatusNotFound, wordsIn(lang).NoMedia)
		return
	}
	defer body.Close()
	content, err := seekable(body)
	if err == nil {
		err = tag(rw.Header(), content, v.address().ID)
	}
	if err != nil {
		w.log.Error("read media", "err", err)
		plain(rw, http.StatusServiceUnavailable, wordsIn(lang).Unread)
		return
	}
	mediaHeader(rw.Header(), m)
	http.ServeContent(rw, r, "", time.Time{}, content)
}

func mediaHeader(h http.Header, m dialogs.Media) {
	how := "attachment"
	h.Set("Content-Type", "application/octet-stream")
	if kind, _, err := mime.ParseMediaType(m.MIME); err == nil {
		h.Set("Content-Type", m.MIME)
		if shown[kind] {
			how = "inline"
		}
	}
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": m.Name}))
	if m.Name == "" {
		h.Set("Content-Disposition", how)
	}
}

// tag names the content for the browser's cache. The URL is the same for
// whoever uses this browser next, and some files are made anew each time: so
// the browser has to ask, and the tag covers the owner and the bytes.
func tag(h http.Header, content io.ReadSeeker, owner string) error {
	sum := sha256.New()
	io.WriteString(sum, owner+"\n") // a hash takes everything
	if _, err := io.Copy(sum, content); err != nil {
		return err
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	h.Set("ETag", `"`+hex.EncodeToString(sum.Sum(nil)[:8])+`"`)
	h.Set("Cache-Control", "private, no-cache")
	return nil
}

// seekable returns the body as http.ServeContent wants it.
func seekable(body io.Reader) (io.ReadSeeker, error) {
	if s, ok := body.(io.ReadSeeker); ok {
		return s, nil
	}
	b, err := io.ReadAll(body)
	return bytes.NewReader(b), err
}
