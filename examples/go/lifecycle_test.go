package example

// Tests a wait that fails, with goca and the control path of the endpoint:
//
//	python3 with_opennebula.py go test ./...

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/OpenNebula/one/src/oca/go/src/goca"
	"github.com/OpenNebula/one/src/oca/go/src/goca/schemas/image"
)

// control posts JSON to the control path, which says how the cloud is to behave.
func control(t *testing.T, path, body string) {
	t.Helper()
	url := os.Getenv("LIFECYCLE_CONTROL") + path
	request, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("LIFECYCLE_TOKEN"))
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		t.Fatalf("%s: %s", path, answer.Status)
	}
}

func TestACopyThatFails(t *testing.T) {
	control(t, "/plans", `{"outcome": "failure", "action": "MKFS", "name": "bad", "payload": "no space left"}`)
	controller := goca.NewController(goca.NewDefaultClient(goca.NewConfig("", "", "")))

	id, err := controller.Images().Create("NAME=\"bad\"\nTYPE=\"DATABLOCK\"\nSIZE=\"1\"", 1)
	if err != nil {
		t.Fatal(err)
	}
	made, err := controller.Image(id).Info(false)
	if err != nil {
		t.Fatal(err)
	}
	if state, _ := made.State(); state != image.Error {
		t.Fatalf("the image is %v", state)
	}
}
