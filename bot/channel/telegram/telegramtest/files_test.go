package telegramtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// upload calls a method with a file in the body.
func (b *bot) upload(method, field, name string, content []byte, pairs ...string) got {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i < len(pairs); i += 2 {
		_ = w.WriteField(pairs[i], pairs[i+1])
	}
	part, err := w.CreateFormFile(field, name)
	if err != nil {
		b.t.Fatal(err)
	}
	_, _ = part.Write(content)
	w.Close()
	g, err := b.post(b.t.Context(), method, w.FormDataContentType(), body.String())
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	return g
}

func (b *bot) download(path string) (int, []byte) {
	b.t.Helper()
	r, _ := http.NewRequest(http.MethodGet, strings.Replace(b.base, "/bot", "/file/bot", 1)+path, nil)
	response, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return response.StatusCode, raw
}

func TestFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, b := newServer(t, Options{})
		ann := s.NewPerson(7, "Ann", "")
		ann.Start("")
		if g := b.upload("sendPhoto", "photo", "chart.png", picture(t, 200, 100), "chat_id", "7", "caption", "<b>Điện</b>", "parse_mode", "HTML"); !g.OK {
			t.Fatalf("photo: %+v", g)
		}
		if g := b.upload("sendDocument", "document", "/home/a/lich.ics", []byte("BEGIN:VCALENDAR"), "chat_id", "7"); !g.OK {
			t.Fatalf("document: %+v", g)
		}
		seen := ann.Seen()
		photo, doc := seen[0].Media, seen[1].Media
		if photo.Kind != "photo" || photo.Width != 200 || !bytes.Equal(photo.Bytes, picture(t, 200, 100)) || seen[0].Text != "Điện" || len(seen[0].Entities) != 1 {
			t.Errorf("photo %+v", seen[0])
		}
		if doc.Name != "lich.ics" || string(doc.Bytes) != "BEGIN:VCALENDAR" {
			t.Errorf("document %+v", doc)
		}
		must[message](b, "editMessageCaption", "chat_id", 7, "message_id", seen[0].ID, "caption", "Nước")
		b.refused("Bad Request: there is no text in the message to edit", "editMessageText", "chat_id", 7, "message_id", seen[0].ID, "text", "a")
		again := must[message](b, "sendPhoto", "chat_id", 7, "photo", photo.FileID)
		if len(again.Photo) != 2 || again.Photo[1].FileID != photo.FileID || again.Photo[1].Width != 200 {
			t.Errorf("sent again %+v", again.Photo)
		}
		well(t, s)
		b.refused("Bad Request: can't use file of type Document as Photo", "sendPhoto", "chat_id", 7, "photo", doc.FileID)
		blamed(t, s, "another kind of file")
		other := New(Options{Token: "99:x"})
		other.keep(documentKind, upload{name: "a", bytes: []byte("BEGIN:VCALENDAR")})
		for id := range other.files {
			b.refused("Bad Request: wrong file identifier/HTTP URL specified", "sendDocument", "chat_id", 7, "document", id)
		}
		b.refused("Bad Request: there is no photo in the request", "sendPhoto", "chat_id", 7, "photo", "")
		link := must[struct {
			Path string `json:"file_path"`
			Size int    `json:"file_size"`
		}](b, "getFile", "file_id", doc.FileID)
		if code, raw := b.download(link.Path); code != 200 || string(raw) != "BEGIN:VCALENDAR" || link.Size != 15 {
			t.Errorf("downloaded %d %q", code, raw)
		}
		time.Sleep(61 * time.Minute)
		if code, _ := b.download(link.Path); code != 404 {
			t.Errorf("after an hour: %d", code)
		}
		b.refused("Bad Request: wrong file_id or the file is temporarily unavailable", "getFile", "file_id", "x")
		well(t, s)
	})
}

func TestSizesOfFiles(t *testing.T) {
	s, b := newServer(t, Options{})
	ann := s.NewPerson(7, "Ann", "")
	ann.Start("")
	for _, c := range []struct {
		method, field string
		content       []byte
		want          string
	}{
		{"sendPhoto", "photo", make([]byte, maxPhoto+1), "Bad Request: file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes"},
		{"sendPhoto", "photo", []byte("no picture"), "Bad Request: IMAGE_PROCESS_FAILED"},
		{"sendPhoto", "photo", picture(t, 21, 1), "Bad Request: PHOTO_INVALID_DIMENSIONS"},
		{"sendPhoto", "photo", picture(t, 5001, 5000), "Bad Request: PHOTO_INVALID_DIMENSIONS"},
		{"sendDocument", "document", nil, "Bad Request: file must be non-empty"},
	} {
		if g := b.upload(c.method, c.field, "x", c.content, "chat_id", "7"); g.Description != c.want {
			t.Errorf("%s of %d bytes: %q, want %q", c.method, len(c.content), g.Description, c.want)
		}
	}
	s.ForgetViolations()
	if _, e := s.keep(documentKind, upload{name: "x", bytes: make([]byte, maxDocument+1)}); e == nil || e.code != 413 {
		t.Errorf("a document of more than 50 MB: %+v", e)
	}
	r, _ := http.NewRequest(http.MethodPost, b.base+"sendDocument", http.NoBody)
	r.ContentLength = maxBody + 1
	if g, err := b.do(r); err != nil || g.Status != 413 || g.Description != "Request Entity Too Large" {
		t.Errorf("a body that is too large: %+v %v", g, err)
	}
	id, err := ann.SendDocument(make([]byte, maxDownload+1), "big.bin", "")
	if err != nil || id == 0 {
		t.Fatal(err)
	}
	talk := ann.Talk()
	b.refused("Bad Request: file is too big", "getFile", "file_id", talk[len(talk)-1].Media.FileID)
}

func TestAlbums(t *testing.T) {
	s, b := newServer(t, Options{})
	ann := s.NewPerson(7, "Ann", "")
	ann.Start("")
	if updates, err := ann.SendAlbum("Lò sấy", picture(t, 9, 9), picture(t, 9, 8)); err != nil || len(updates) != 2 {
		t.Fatal(updates, err)
	}
	all := b.updates()
	one, two := all[1].Message, all[2].Message
	if one.MediaGroup == "" || one.MediaGroup != two.MediaGroup || one.Caption != "Lò sấy" || two.Caption != "" || one.Photo[0].FileID == two.Photo[0].FileID {
		t.Errorf("album %+v %+v", one, two)
	}
	g := b.upload("sendMediaGroup", "f0", "a.pdf", []byte("%PDF"), "chat_id", "7", "media",
		`[{"type":"document","media":"attach://f0","caption":"<i>a</i>","parse_mode":"HTML"},{"type":"document","media":"attach://f0"}]`)
	if !g.OK || len(ann.Seen()) != 2 {
		t.Errorf("album: %+v", g)
	}
	well(t, s)
	b.refused("Bad Request: document can't be mixed with other media types", "sendMediaGroup", "chat_id", 7, "media",
		[]any{map[string]string{"type": "photo", "media": one.Photo[0].FileID}, map[string]string{"type": "document", "media": "x"}})
	b.refused(`Bad Request: parameter "media" is required`, "sendMediaGroup", "chat_id", 7, "media", "")
	item := map[string]string{"type": "photo", "media": one.Photo[0].FileID}
	many := make([]any, 11)
	for i := range many {
		many[i] = item
	}
	b.refused("Bad Request: too many messages to send as an album", "sendMediaGroup", "chat_id", 7, "media", many)
	blamed(t, s, "11 items")
}

func TestFilesByURL(t *testing.T) {
	pages := map[string]string{"https://sxsh.vn/a.pdf": "application/pdf", "https://sxsh.vn/a.html": "text/html", "https://sxsh.vn/a.png": "image/png"}
	s, b := newServer(t, Options{Fetch: func(_ context.Context, url string) (string, []byte, error) {
		if pages[url] == "" {
			return "", nil, errors.New("not there")
		}
		return pages[url], picture(t, 9, 9), nil
	}})
	s.NewPerson(7, "Ann", "").Start("")
	must[message](b, "sendDocument", "chat_id", 7, "document", "https://sxsh.vn/a.pdf")
	must[message](b, "sendPhoto", "chat_id", 7, "photo", "https://sxsh.vn/a.png")
	b.refused("Bad Request: wrong type of the web page content", "sendDocument", "chat_id", 7, "document", "https://sxsh.vn/a.html")
	b.refused("Bad Request: wrong type of the web page content", "sendPhoto", "chat_id", 7, "photo", "https://sxsh.vn/a.pdf")
	b.refused("Bad Request: failed to get HTTP URL content", "sendDocument", "chat_id", 7, "document", "https://sxsh.vn/b.pdf")
	b.refused("Bad Request: wrong HTTP URL specified", "sendDocument", "chat_id", 7, "document", "file:///etc/passwd")
	well(t, s)
}
