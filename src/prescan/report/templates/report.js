document.body.classList.add("script");
document.querySelectorAll(".filter input").forEach(function (box) {
  box.checked = true;
  box.addEventListener("change", function () {
    document.body.classList.toggle("hide-" + box.value, !box.checked);
  });
});
