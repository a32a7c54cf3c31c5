(ns eckermann.check.log
  "Anomalies of a log, by the names that Jepsen's workload for Kafka gave them. Sends: {:topic :events [[position number] ...]};
  unknown and failed ones have numbers alone. Polls: {:topic :from :events :process :start :end :kind}. `final` maps a topic to
  its events in order, [position number] each, as they are at the end.")

(defn- limited [xs] (vec (take 8 xs)))

(defn- inconsistent-offsets
  "Two numbers at one position, over all that was ever said or read."
  [sends polls final]
  (->> (concat (mapcat (fn [s] (map (fn [[p n]] [[(:topic s) p] n]) (:events s))) (filter #(= :ok (:type %)) sends))
               (mapcat (fn [r] (map (fn [[p n]] [[(:topic r) p] n]) (:events r))) polls)
               (mapcat (fn [[t es]] (map (fn [[p n]] [[t p] n]) es)) final))
       (reduce (fn [seen [at n]] (update seen at (fnil conj #{}) n)) {})
       (filter #(< 1 (count (val %))))))

(defn- duplicates [final]
  (for [[t es] final
        [n at] (group-by second es)
        :when (< 1 (count at))]
    {:topic t :number n :positions (mapv first at)}))

(defn- lost [sends final]
  (let [held (into {} (map (fn [[t es]] [t (into {} (map (fn [[p n]] [p n])) es)])) final)]
    (for [s sends :when (= :ok (:type s))
          [p n] (:events s)
          :when (not= n (get-in held [(:topic s) p]))]
      {:topic (:topic s) :position p :number n :found (get-in held [(:topic s) p])})))

(defn- aborted [sends polls final]
  (let [refused (into #{} (comp (filter #(= :fail (:type %))) (mapcat :numbers)) sends)]
    (concat (for [[t es] final [p n] es :when (refused n)] {:topic t :position p :number n})
            (for [r polls [p n] (:events r) :when (refused n)] {:topic (:topic r) :position p :number n}))))

(defn- never-sent [sends final]
  (let [sent (into #{} (mapcat :numbers) sends)]
    (for [[t es] final [p n] es :when (not (sent n))] {:topic t :position p :number n})))

(defn- within
  "Gaps and steps back within one answer; positions are dense."
  [polls]
  (for [r polls
        [[p _] [q _]] (partition 2 1 (:events r))
        :when (not= (inc p) q)]
    {:kind (if (< p q) :int-poll-skip :int-nonmonotonic-poll) :topic (:topic r) :before p :after q :process (:process r)}))

(defn- between
  "The first event of an answer is the one that was asked for, or the first that came after it; nothing is left out."
  [polls]
  (for [r polls
        :let [first-read (ffirst (:events r))]
        :when (and first-read (not= first-read (:from r)))]
    {:kind (if (< (:from r) first-read) :poll-skip :nonmonotonic-poll) :topic (:topic r) :asked (:from r) :got first-read
     :process (:process r)}))

(defn- batches-apart
  "What was appended together stays side by side, in its order, also when nobody knows whether it was."
  [sends final]
  (let [place (into {} (map (fn [[t es]] [t (into {} (map (fn [[p n]] [n p])) es)])) final)]
    (for [s sends :when (< 1 (count (:numbers s)))
          :let [at (map #(get-in place [(:topic s) %]) (:numbers s))
                there (remove nil? at)]
          :when (and (seq there)
                     (or (not= (count there) (count at))
                         (not= there (take (count there) (iterate inc (first there))))))]
      {:topic (:topic s) :numbers (:numbers s) :positions (vec at) :type (:type s)})))

(defn- sends-back
  "A process's later send is behind its earlier one."
  [sends]
  (for [[[p t] of-one] (group-by (juxt :process :topic) (filter #(= :ok (:type %)) sends))
        [a b] (partition 2 1 (sort-by :start of-one))
        :when (<= (ffirst (:events b)) (first (last (:events a))))]
    {:process p :topic t :before (last (:events a)) :after (first (:events b))}))

(defn- gaps [final]
  (for [[t es] final
        [[p _] expected] (map vector es (iterate inc 1))
        :when (not= p expected)]
    {:topic t :expected expected :found p}))

(defn- stale
  "A linearizable poll that ends before what was acknowledged when it began: it came back with less than there was, though it
  was not full."
  [sends polls page]
  (let [acks (into {} (for [[t of] (group-by :topic (filter #(= :ok (:type %)) sends))]
                        [t (loop [best -1 acc (sorted-map) [s & more] (sort-by :end of)]
                             (if s
                               (let [best (max best (first (last (:events s))))]
                                 (recur best (assoc acc (:end s) best) more))
                               acc))]))]
    (for [r polls
          :when (and (= :poll (:kind r)) (< (count (:events r)) page))
          :let [known (some-> (get acks (:topic r)) (rsubseq < (:start r)) first val)
                seen (or (first (last (:events r))) (dec (:from r)))]
          :when (and known (< seen known))]
      {:topic (:topic r) :saw seen :acknowledged known :process (:process r)})))

(defn check
  "All anomalies by name; :valid? when there is none."
  [sends polls final {:keys [page] :or {page 50}}]
  (let [odd (group-by :kind (concat (within polls) (between polls)))
        found {:lost-write (lost sends final)
               :inconsistent-offsets (inconsistent-offsets sends polls final)
               :duplicate (duplicates final)
               :aborted-read (aborted sends polls final)
               :never-sent (never-sent sends final)
               :int-poll-skip (:int-poll-skip odd)
               :int-nonmonotonic-poll (:int-nonmonotonic-poll odd)
               :poll-skip (:poll-skip odd)
               :nonmonotonic-poll (:nonmonotonic-poll odd)
               :int-send-skip (batches-apart sends final)
               :nonmonotonic-send (sends-back sends)
               :position-gap (gaps final)
               :stale-poll (stale sends polls page)}
        found (into (sorted-map) (map (fn [[k v]] [k (vec v)])) found)]
    {:valid? (every? empty? (vals found))
     :kinds (count found)
     :acked-events (reduce + 0 (map #(count (:events %)) (filter #(= :ok (:type %)) sends)))
     :unknown-appeared (let [there (into #{} (mapcat (fn [[_ es]] (map second es))) final)]
                         (count (filter #(and (= :info (:type %)) (there (first (:numbers %)))) sends)))
     :counts (into (sorted-map) (map (fn [[k v]] [k (count v)])) found)
     :anomalies (into (sorted-map) (keep (fn [[k v]] (when (seq v) [k (limited v)]))) found)}))
