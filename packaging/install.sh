#!/bin/sh
# 从轮子仓库安装 prescan，不需要网络：sh install.sh [安装到哪里，默认 ./venv] [附加功能，默认 web,audit]
# 环境变量 PYTHON 指定用哪个 Python（3.11 以上）。
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-venv}
extras=${2-web,audit}
python=${PYTHON:-}
if [ -z "$python" ]; then
    for candidate in python3.13 python3.12 python3.11 python3; do
        if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            python=$candidate
            break
        fi
    done
fi
[ -n "$python" ] || { echo "找不到 Python 3.11 或更高版本；请先安装，或用 PYTHON=路径 指定" >&2; exit 2; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$python 低于 3.11" >&2; exit 2; }
if command -v sha256sum >/dev/null 2>&1; then
    (cd "$here" && sha256sum --check --quiet SHA256SUMS) || { echo "文件与 SHA256SUMS 不符，没有安装" >&2; exit 1; }
fi
"$python" -m venv "$target"
"$target/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" "prescan${extras:+[$extras]}"
"$target/bin/prescan" --version
echo "已安装到 $target。试一下：$target/bin/prescan scan 文件"
